import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'

/** Why an event was not sent, in the protocol's words (Sentry's SDK documentation, "Client Reports"). */
export type LossReason =
  | 'sample_rate'
  | 'queue_overflow'
  | 'ratelimit_backoff'
  | 'network_error'
  | 'send_error'
  | 'before_send'
  | 'callback_error'
  | 'internal_sdk_error'
  /** Not told to the server, which has counted it. */
  | 'rejected'

export interface Discarded {
  readonly reason: LossReason
  readonly category: 'error'
  readonly quantity: number
}

/** Events that were not sent, counted for `telltale_dropped_total` and for the project's own statistics. */
export class Losses {
  #counts = new Map<LossReason, number>()

  add(reason: LossReason, why: string): void {
    dropped('error', reason)
    if (reason !== 'before_send')
      reportOnce(
        `sentry-${reason}`,
        `errors are not sent to Sentry, and counted in telltale_dropped_total: ${why}`,
      )
    if (reason !== 'rejected') this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
  }

  /** What the server has not been told. */
  take(): Discarded[] {
    const taken = [...this.#counts].map(([reason, quantity]) => ({
      reason,
      category: 'error' as const,
      quantity,
    }))
    this.#counts = new Map()
    return taken
  }

  /** It could not be told. */
  putBack(discarded: readonly Discarded[]): void {
    for (const { reason, quantity } of discarded)
      this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + quantity)
  }

  get some(): boolean {
    return this.#counts.size > 0
  }
}
