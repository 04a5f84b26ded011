import { outboundSettings } from '../http/outbound-settings.js'
import { observeNodeHttp } from './outbound-http.js'
import { observeUndici } from './outbound-undici.js'

export interface OutboundOptions {
  /** Hosts besides the own ones that may get trace and request ids, with the hosts below them. */
  readonly propagateTo?: readonly string[]
  /** Milliseconds from which a call is said to be slow; default 1,000. */
  readonly slowMs?: number
}

/**
 * Observes what the process calls over global `fetch`, undici, `node:http` and `node:https`: durations, failures, and
 * the trace and request id sent to own hosts. Call it once, at the start; a second call replaces the options. Throws a
 * TypeError for bad options.
 *
 * @example
 * observeOutbound({ propagateTo: ['api.partner.example'] })
 */
export function observeOutbound(options: OutboundOptions = {}): void {
  const { propagateTo = [], slowMs = 1000, ...others } = options
  for (const name of Object.keys(others)) {
    throw new TypeError(`observeOutbound(): ${name} is not an option; there are propagateTo and slowMs.`)
  }
  if (
    !Array.isArray(propagateTo) ||
    !propagateTo.every((host) => typeof host === 'string' && /^[\w.:[\]-]+$/.test(host))
  ) {
    throw new TypeError(
      `observeOutbound(): propagateTo must be an array of host names such as 'api.partner.example'.`,
    )
  }
  if (typeof slowMs !== 'number' || !(slowMs >= 0)) {
    throw new TypeError(`observeOutbound(): slowMs must be a number of milliseconds, got ${String(slowMs)}.`)
  }
  outboundSettings.propagateTo = propagateTo.map((host) => host.toLowerCase())
  outboundSettings.slowMs = slowMs
  if (outboundSettings.observed) return
  outboundSettings.observed = true
  observeUndici()
  observeNodeHttp()
}
