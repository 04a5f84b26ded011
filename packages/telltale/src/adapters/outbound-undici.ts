import { subscribe } from 'node:diagnostics_channel'
import { Call } from '../http/outbound.js'
import { hostOf, targetOf } from '../http/target.js'
import { isUnobserved } from '../http/unobserved.js'

interface UndiciRequest {
  readonly origin: string | URL
  readonly method: string
  readonly path: string
  readonly headers?: string | unknown[]
  addHeader?(name: string, value: string): unknown
}

/** Global `fetch` and every copy of undici in the process: all of them publish on the same channels. */
export function observeUndici(): void {
  // Weak: a request that never ends must not be kept by its observer.
  const calls = new WeakMap<object, Call>()
  on('undici:request:create', (request) => {
    if (isUnobserved()) return
    const call = new Call(targetOf(request.method, hostOf(request.origin), request.path))
    calls.set(request, call)
    const headers = call.propagation((name) => indexOf(request, name) >= 0)
    for (const [name, value] of headers) request.addHeader?.(name, value)
    giveWay(request, new Set(headers.map(([name]) => name)))
  })
  on('undici:request:headers', (request, { response }) =>
    calls.get(request)?.answered(response?.statusCode ?? 0),
  )
  on('undici:request:trailers', (request) => calls.get(request)?.completed())
  on('undici:request:error', (request, { error }) => calls.get(request)?.failed(error))
}

interface Message {
  readonly request: UndiciRequest
  readonly response?: { readonly statusCode?: number }
  readonly error?: unknown
}

// A subscriber that throws would be an uncaught exception of the app's.
function on(channel: string, act: (request: UndiciRequest, message: Message) => void): void {
  subscribe(channel, (message) => {
    try {
      act((message as Message).request, message as Message)
    } catch {
      // An undici of another shape: the call goes unobserved, and on its way.
    }
  })
}

/**
 * OpenTelemetry's instrumentation of undici, where it has subscribed after us, adds its headers whatever is there, and two
 * of a name count for none. Whoever comes later is nearer to the wire: theirs take the place of ours.
 */
function giveWay(request: UndiciRequest, ours: ReadonlySet<string>): void {
  const { addHeader } = request
  if (addHeader === undefined || ours.size === 0) return
  request.addHeader = (name, value) => {
    const index = ours.has(name) ? indexOf(request, name) : -1
    if (index < 0 || !Array.isArray(request.headers)) return addHeader.call(request, name, value)
    request.headers[index + 1] = value
    return request
  }
}

/** Where a header's name stands. undici 5 keeps headers as text, 6 and later as a flat list. */
function indexOf({ headers }: UndiciRequest, name: string): number {
  if (typeof headers === 'string') return `\r\n${headers}`.toLowerCase().indexOf(`\r\n${name}:`)
  return headers?.findIndex((each, index) => index % 2 === 0 && String(each).toLowerCase() === name) ?? -1
}
