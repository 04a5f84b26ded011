import type { Scope } from '../context/scope.js'
import { openFlows } from '../flow/open.js'
import type { Exchange } from '../http/exchange.js'
import { openExchanges } from '../http/inflight.js'
import { ringOf } from '../log/recorder/record.js'
import type { Answer } from './answer.js'
import { listed } from './listed.js'

/** Requests under way: their ids, what they ask for, how old they are, and where they are: in which flow, past which event. */
export function showRequests(): Promise<Answer> {
  const flows = new Map<Scope, string>()
  // The one that began last is the innermost.
  for (const { id, request } of openFlows()) if (request !== undefined) flows.set(request, id)
  const now = performance.now()
  return listed('requests', openExchanges(), (exchange) => rowOf(exchange, flows, now))
}

function rowOf(exchange: Exchange, flows: ReadonlyMap<Scope, string>, now: number) {
  const { scope } = exchange
  // Routers learn the route last; the path is masked by it.
  scope.refresh?.()
  const path = scope.field('path')
  return {
    request_id: exchange.requestId,
    trace_id: scope.ids.traceId,
    method: exchange.method,
    path: typeof path === 'string' ? path : undefined,
    route: exchange.route,
    age_ms: Math.round(now - exchange.startedAt),
    flow_id: flows.get(scope),
    last_event: lastEvent(scope),
  }
}

/** Of any level, where the recorder is on: what was not written is in its ring. */
function lastEvent(scope: Scope): string | undefined {
  const last = ringOf(scope)?.list().at(-1)
  return typeof last === 'object' ? last.event : scope.lastEvent
}
