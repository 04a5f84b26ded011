import { subscribe } from 'node:diagnostics_channel'
import { Call } from '../http/outbound.js'
import { hostOf, targetOf } from '../http/target.js'
import { isUnobserved } from '../http/unobserved.js'

interface UndiciRequest {
  readonly origin: string | URL
  readonly method: string
  readonly path: string
  readonly headers?: string | readonly unknown[]
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
    for (const [name, value] of call.propagation((name) => hasHeader(request, name))) {
      request.addHeader?.(name, value)
    }
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

/** undici 5 keeps headers as text, 6 and later as a flat list. */
function hasHeader({ headers }: UndiciRequest, name: string): boolean {
  if (typeof headers === 'string') return `\r\n${headers}`.toLowerCase().includes(`\r\n${name}:`)
  return headers?.some((each, index) => index % 2 === 0 && String(each).toLowerCase() === name) ?? false
}
