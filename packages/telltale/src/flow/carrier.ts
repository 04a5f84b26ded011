import { formatTraceparent, parseTraceparent, type TraceParent } from '../trace/traceparent.js'

/** What another process needs to go on with a flow: small, and safe in JSON and, as JSON, in a header. */
export interface Carrier {
  readonly flow_id: string
  readonly flow: string
  /** How many steps were begun so far. */
  readonly step_index: number
  /** How many of the declared ones are passed. */
  readonly steps_done: number
  /** Milliseconds since the Unix epoch. */
  readonly started_at: number
  readonly traceparent: string
}

/** A carrier that was read. */
export interface Carried {
  readonly id: string
  readonly begun: number
  readonly done: number
  readonly startedAt: number
  readonly parent: TraceParent | undefined
}

const validId = /^[a-z][a-z0-9_]{0,63}-[0-9a-f]{12}$/
const maxText = 1024
const maxSteps = 1_000_000
const maxAgeMs = 366 * 86_400_000
const maxAheadMs = 86_400_000

export function carrierOf(
  flow: string,
  flowId: string,
  steps: { readonly begun: number; readonly done: number },
  startedAt: number,
  { traceId, spanId, sampled }: { traceId: string; spanId: string; sampled: boolean },
): Carrier {
  return {
    flow_id: flowId,
    flow,
    step_index: steps.begun,
    steps_done: steps.done,
    started_at: Math.round(startedAt),
    traceparent: formatTraceparent(traceId, spanId, sampled),
  }
}

/** What the carrier says, or why it can't be followed. It may be JSON text; nothing in it is trusted. Never throws. */
export function readCarrier(given: unknown, flow: string, declared = Infinity): Carried | string {
  try {
    const carried = read(typeof given === 'string' ? parsed(given) : given, flow)
    if (typeof carried !== 'string' && carried.done > declared) return 'steps_done is more than there are'
    return carried
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
  const { flow_id, step_index, steps_done = 0, started_at, traceparent } = carrier as Record<string, unknown>
  if (typeof flow_id !== 'string' || !validId.test(flow_id)) return 'flow_id is no flow id'
  if (flow_id.slice(0, flow_id.lastIndexOf('-')) !== flow) return `flow_id is not of a flow named ${flow}`
  if (!isNumberOfSteps(step_index)) return 'step_index is no number of steps'
  if (!isNumberOfSteps(steps_done) || steps_done > step_index) return 'steps_done is no number of its steps'
  const now = Date.now()
  if (typeof started_at !== 'number' || !(started_at > now - maxAgeMs && started_at < now + maxAheadMs)) {
    return 'started_at is no time within a year'
  }
  // Clocks of two machines differ: a flow does not begin after it is resumed.
  const startedAt = Math.min(started_at, now)
  const parent = parseTraceparent(traceparent)
  return { id: flow_id, begun: step_index, done: steps_done, startedAt, parent }
}

function isNumberOfSteps(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= maxSteps
}
