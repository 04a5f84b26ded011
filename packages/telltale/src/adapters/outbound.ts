import { subscribe } from 'node:diagnostics_channel'
import { Call } from '../http/outbound.js'
import { slot } from '../state/state.js'

export interface OutboundOptions {
  /** Hosts besides the own ones that may get trace and request ids, with the hosts below them. */
  readonly propagateTo?: readonly string[]
}

interface UndiciRequest {
  readonly origin: string | URL
  readonly method: string
  readonly path: string
  readonly headers?: string | readonly string[]
  addHeader?(name: string, value: string): unknown
}

const outbound = slot('outbound', () => ({ observed: false, propagateTo: [] as readonly string[] }))

/**
 * Observes what the process calls over global `fetch`: durations, failures, and the trace and request id sent to own
 * hosts. Call it once, at the start; a second call replaces the options. Throws a TypeError for bad options.
 *
 * @example
 * observeOutbound({ propagateTo: ['api.partner.example'] })
 */
export function observeOutbound(options: OutboundOptions = {}): void {
  const { propagateTo = [], ...others } = options
  for (const name of Object.keys(others)) {
    throw new TypeError(`observeOutbound(): ${name} is not an option; there is propagateTo.`)
  }
  if (
    !Array.isArray(propagateTo) ||
    !propagateTo.every((host) => typeof host === 'string' && /^[\w.:[\]-]+$/.test(host))
  ) {
    throw new TypeError(
      `observeOutbound(): propagateTo must be an array of host names such as 'api.partner.example'.`,
    )
  }
  outbound.propagateTo = propagateTo.map((host) => host.toLowerCase())
  if (outbound.observed) return
  outbound.observed = true

  // Weak: a request that never ends must not be kept by its observer.
  const calls = new WeakMap<object, Call>()
  on('undici:request:create', (request) => {
    const call = new Call(request.method, hostOf(request.origin), request.path)
    calls.set(request, call)
    for (const [name, value] of call.propagation(outbound.propagateTo)) {
      if (!hasHeader(request, name)) request.addHeader?.(name, value)
    }
  })
  on('undici:request:headers', (request, message) => {
    calls
      .get(request)
      ?.answered((message as { response?: { statusCode?: number } }).response?.statusCode ?? 0)
  })
  on('undici:request:trailers', (request) => calls.get(request)?.completed())
  on('undici:request:error', (request, message) =>
    calls.get(request)?.failed((message as { error?: unknown }).error),
  )
}

// A subscriber that throws would be an uncaught exception of the app's.
function on(channel: string, act: (request: UndiciRequest, message: object) => void): void {
  subscribe(channel, (message) => {
    try {
      act((message as { request: UndiciRequest }).request, message as object)
    } catch {
      // An undici of another shape: the call goes unobserved, and on its way.
    }
  })
}

function hostOf(origin: string | URL): string {
  try {
    return new URL(origin).host
  } catch {
    return String(origin)
  }
}

/** undici 5 keeps headers as text, 6 and later as a flat list. */
function hasHeader({ headers }: UndiciRequest, name: string): boolean {
  if (typeof headers === 'string') return headers.toLowerCase().includes(`${name}:`)
  return headers?.some((each, index) => index % 2 === 0 && String(each).toLowerCase() === name) ?? false
}
