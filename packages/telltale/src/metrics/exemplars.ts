import { currentScope } from '../context/scope.js'
import type { Ids } from '../context/scope.js'
import { policy } from '../redact/policy.js'
import { slot } from '../state/state.js'

/** One value that went into a number, and the request it came from. */
export interface Exemplar {
  readonly value: number
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly traceId: string | undefined
  readonly requestId: string | undefined
}

/** Whose ids are taken where the code that measures stands outside of the request that it measures. */
export const exemplarOf = slot('metric-exemplar-of', () => ({ ids: undefined as Ids | undefined }))

const maxKept = 10_000
// OpenMetrics 1.0: names and values of an exemplar's labels have at most 128 characters together.
const maxLabels = 128
const withTraceId = 'trace_id'.length + 32

/** The newest exemplar of each of a metric's numbers, 10,000 at most; a metric's oldest go first. */
export class Exemplars {
  readonly #kept = new Map<number, Exemplar>()

  /** Takes one for the number at `index` where a request or trace is under way. Under a microsecond. */
  take(index: number, value: number): void {
    const ids = exemplarOf.ids ?? currentScope()?.ids
    if (ids === undefined || (ids.traceId === undefined && ids.requestId === undefined)) return
    const room = maxLabels - 'request_id'.length - (ids.traceId === undefined ? 0 : withTraceId)
    const requestId = ids.requestId === undefined ? undefined : policy.current.text(ids.requestId)
    // Set again, so that it is the newest.
    this.#kept.delete(index)
    if (this.#kept.size >= maxKept) this.forget(this.#kept.keys().next().value!, 1)
    this.#kept.set(index, {
      value,
      time: Date.now(),
      traceId: ids.traceId,
      requestId: requestId !== undefined && requestId.length <= room ? requestId : undefined,
    })
  }

  get(index: number): Exemplar | undefined {
    return this.#kept.get(index)
  }

  clear(): void {
    this.#kept.clear()
  }

  /** Forgets those of `count` numbers from `index` on. */
  forget(index: number, count: number): void {
    if (this.#kept.size > 0) for (let i = 0; i < count; i++) this.#kept.delete(index + i)
  }
}
