import type { Random } from './random.js'
import { REQUEST_ID } from './exchange.js'

/** The ids that a caller sends along: those the service must take over, and the headers that carry them. */
export interface Identity {
  sentId: string | null
  traceId: string | null
  headers: Record<string, string>
}

/** Ids as real callers send them: some a request id, some a W3C trace, some both, some nothing. */
export function createIdentities(run: string, random: Random) {
  let count = 0
  return (needsId: boolean): Identity => {
    const headers: Record<string, string> = {}
    let sentId: string | null = null
    let traceId: string | null = null
    if (needsId || random.chance(0.5))
      headers[REQUEST_ID] = sentId = `web-${run}-${++count}-${random.text(8)}`
    if (random.chance(0.4)) {
      traceId = random.text(31) + '1'
      headers['traceparent'] = `00-${traceId}-${random.text(15)}1-${random.pick(['00', '01'])}`
    }
    return { sentId, traceId, headers }
  }
}
