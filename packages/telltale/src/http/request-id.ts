import type { IncomingMessage } from 'node:http'
import { screenAndCut } from '../redact/cut.js'
import { policy } from '../redact/policy.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { parseBaggage } from '../trace/baggage.js'
import { hexId } from '../trace/ids.js'
import type { OperationIds } from '../trace/operation.js'
import { parseTraceparent } from '../trace/traceparent.js'
import { parseTracestate } from '../trace/tracestate.js'
import { tracing } from '../trace/tracing.js'
import { requestSettings } from './settings.js'

export interface RequestIds extends OperationIds {
  readonly requestId: string
  readonly baggage: string | undefined
  /** The caller's own id where it was not taken over. */
  readonly clientRequestId: string | undefined
}

const acceptable = /^[\w.~:-]{8,128}$/
const maxKept = 128

/** Continues what a trusted caller began; makes what is missing. */
export function requestIds(req: IncomingMessage): RequestIds {
  const { headers } = req
  const given = headers['x-request-id']
  const traceparent = headers['traceparent']
  const sentBaggage = headers['baggage']
  // One random draw for all three ids: 16 bytes of trace, 8 of span, 8 of request.
  const fresh = hexId(32)
  const spanId = fresh.slice(32, 48)
  const requestId = fresh.slice(48)
  const traceId = fresh.slice(0, 32)
  if (given === undefined && traceparent === undefined && sentBaggage === undefined) {
    const sampled = tracing.sample(traceId, undefined)
    return { requestId, traceId, spanId, sampled, ...begun, baggage: undefined }
  }
  const trusted = isTrusted(req)
  const baggage = trusted ? parseBaggage(sentBaggage) : undefined
  const parent = trusted ? parseTraceparent(traceparent) : undefined
  const ids =
    parent === undefined
      ? { traceId, spanId, sampled: tracing.sample(traceId, undefined), ...begun, baggage }
      : {
          traceId: parent.traceId,
          spanId,
          sampled: tracing.sample(parent.traceId, parent.sampled),
          parentSpanId: parent.parentId,
          isRemote: true,
          tracestate: harmless(parseTracestate(headers['tracestate'])),
          baggage,
          clientRequestId: undefined,
        }
  if (typeof given !== 'string') return { requestId, ...ids }
  if (trusted && acceptable.test(given) && policy.current.text(given, 'request_id') === given)
    return { requestId: given, ...ids }
  const clientRequestId = screenAndCut(policy.current, given, 'client_request_id', maxKept)
  return { requestId, ...ids, clientRequestId }
}

/** Vendors' state that holds what looks like a secret is sent on to nobody: what may leave is the policy's to say. */
function harmless(tracestate: string | undefined): string | undefined {
  const isHarmless = tracestate === undefined || policy.current.text(tracestate, 'tracestate') === tracestate
  return isHarmless ? tracestate : undefined
}

/** A trace that begins here. */
const begun = {
  parentSpanId: undefined,
  isRemote: false,
  tracestate: undefined,
  clientRequestId: undefined,
}

function isTrusted(req: IncomingMessage): boolean {
  const { trust } = requestSettings
  if (typeof trust === 'string') return trust === 'all'
  try {
    const answer: unknown = trust(req)
    if (typeof answer === 'object' && answer !== null) {
      distrust('must answer at once with true or false, got a promise or another object')
      // A promise that rejects later would end the process.
      Promise.resolve(answer).catch(() => undefined)
    }
    return answer === true
  } catch (error) {
    distrust(`threw ${show(error)}`)
    return false
  }
}

function distrust(why: string): void {
  reportOnce('trust', `requests.trust ${why}; the peer is not trusted.`)
}
