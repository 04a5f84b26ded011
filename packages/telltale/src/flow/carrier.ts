import { formatTraceparent, parseTraceparent, type TraceParent } from '../trace/traceparent.js'

/** What another process needs to go on with a flow: small, and safe in JSON and, as JSON, in a header. */
export interface Carrier {
  readonly flow_id: string
  readonly flow: string
  /** How many steps were begun so far. */
  readonly step_index: number
  /** Milliseconds since the Unix epoch. */
  readonly started_at: number
  readonly traceparent: string
}

/** A carrier that was read. */
export interface Carried {
  readonly id: string
  readonly steps: number
  readonly startedAt: number
  readonly parent: TraceParent | undefined
}

const validId = /^[a-z][a-z0-9_]{0,63}-[0-9a-f]{12}$/
const maxText = 1024
const maxSteps = 1_000_000

export function carrierOf(
  flow: string,
  flowId: string,
  steps: number,
  startedAt: number,
  { traceId, spanId, sampled }: { traceId: string; spanId: string; sampled: boolean },
): Carrier {
  return {
    flow_id: flowId,
    flow,
    step_index: steps,
    started_at: Math.round(startedAt),
    traceparent: formatTraceparent(traceId, spanId, sampled),
  }
}

/** What the carrier says, or why it can't be followed. It may be JSON text; nothing in it is trusted. Never throws. */
export function readCarrier(given: unknown, flow: string): Carried | string {
  try {
    return read(typeof given === 'string' ? parsed(given) : given, flow)
  } catch {
    return 'reading it threw an error'
  }
}

function parsed(text: string): unknown {
  if (text.length > maxText) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function read(carrier: unknown, flow: string): Carried | string {
  if (typeof carrier !== 'object' || carrier === null) return 'it is neither what handOff() gave nor its JSON'
  const { flow_id, step_index, started_at, traceparent } = carrier as Record<string, unknown>
  if (typeof flow_id !== 'string' || !validId.test(flow_id)) return 'flow_id is no flow id'
  if (flow_id.slice(0, flow_id.lastIndexOf('-')) !== flow) return `flow_id is not of a flow named ${flow}`
  if (!Number.isSafeInteger(step_index) || Number(step_index) < 0 || Number(step_index) > maxSteps)
    return 'step_index is no number of steps'
  const now = Date.now()
  if (typeof started_at !== 'number' || !(started_at > 0) || started_at > now + 86_400_000)
    return 'started_at is no time'
  // Clocks of two machines differ: a flow does not begin after it is resumed.
  const startedAt = Math.min(started_at, now)
  return { id: flow_id, steps: Number(step_index), startedAt, parent: parseTraceparent(traceparent) }
}
