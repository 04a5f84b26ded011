import type { Scope } from '../context/scope.js'
import { slot } from '../state/state.js'

/** How far a flow is, as those are told who ask for all that are under way. */
export interface FlowStanding {
  readonly flow: string
  readonly age_ms: number
  /** Of those under way the one that began first, if any. */
  readonly step: string | undefined
  readonly step_index: number | undefined
  readonly step_age_ms: number | undefined
  /** How many are under way, where it is more than one. */
  readonly steps_running: number | undefined
  /** The one that was begun last, where none is under way. */
  readonly last_step: string | undefined
  /** `2/3` where the flow is declared. */
  readonly progress: string | undefined
  readonly steps_declared: number | undefined
  readonly parent_flow_id: string | undefined
  readonly request_id: string | undefined
  readonly trace_id: string | undefined
}

/** A flow that has begun and not ended, as those see it who look after all of them. */
export interface OpenFlow {
  readonly id: string
  /** The scope of the request that it is part of, until that has ended. */
  readonly request: Scope | undefined
  /** As of now. Its texts have not passed the redaction policy. */
  standing(): FlowStanding
  /** The process ends before it does. */
  interrupt(): void
  /** Nobody can finish it any more. */
  lose(): void
  /** What its function was given; held until the flow is a few seconds old, then watched. */
  handle: object | undefined
  /** Says that nothing has happened in it for long. */
  sayStalled(ageMs: number): void
  /** `performance.now()` of its begin or of its last step's end. */
  readonly movedAt: number
  /** The age at which it is next said to have stalled. */
  nextStallMs: number
}

/** How long nothing may happen in a flow before it is said, and how often that is looked for. */
export const stalling = slot('flow.stalling', () => ({ afterMs: 60_000, lookMs: 5_000 }))

const flows = slot('flow.open', () => ({
  open: new Set<OpenFlow>(),
  watch: undefined as NodeJS.Timeout | undefined,
  /** Those that somebody waits for. */
  awaited: undefined as { readonly left: Set<OpenFlow>; readonly done: () => void } | undefined,
}))

/** Flows that have started and not ended, oldest first. */
export function openFlows(): ReadonlySet<OpenFlow> {
  return flows.open
}

export function opened(flow: OpenFlow): void {
  flows.open.add(flow)
  flows.watch ??= setInterval(look, stalling.lookMs).unref()
}

export function closed(flow: OpenFlow): void {
  flows.open.delete(flow)
  if (flow.handle === undefined) handles.unregister(flow)
  flow.handle = undefined
  const { awaited } = flows
  if (awaited?.left.delete(flow) === true && awaited.left.size === 0) awaited.done()
}

/** Waits for the flows that are open now, not for those that begin meanwhile; at most `timeoutMs`. */
export async function openFlowsEnded(timeoutMs: number): Promise<void> {
  if (flows.open.size === 0) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs)
    flows.awaited = {
      left: new Set(flows.open),
      done: () => {
        clearTimeout(timer)
        resolve()
      },
    }
  })
  flows.awaited = undefined
}

// A function that awaits nothing any more leaves its handle to the collector, and so the flow to nobody. Watching a
// handle costs two thirds of a short flow's price: only those that are open for longer are watched.
const handles = new FinalizationRegistry<OpenFlow>((flow) => flow.lose())

function watch(flow: OpenFlow): void {
  if (flow.handle === undefined) return
  handles.register(flow.handle, flow, flow)
  flow.handle = undefined
}

// One timer for all of them; a flow is short, and a timer each would be a tenth of its price.
function look(): void {
  if (flows.open.size === 0) {
    clearInterval(flows.watch)
    flows.watch = undefined
  }
  const now = performance.now()
  for (const flow of flows.open) {
    watch(flow)
    const age = now - flow.movedAt
    if (age < flow.nextStallMs) continue
    flow.nextStallMs = Math.max(2 * flow.nextStallMs, 2 * age)
    flow.sayStalled(Math.round(age))
  }
}
