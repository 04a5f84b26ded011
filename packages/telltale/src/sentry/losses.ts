import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
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

const log = loggerNamed('telltale')
const maxNamed = 100
const maxReasons = 10
// A server that is away for a day is not a line for each event.
const sayEveryMs = 10_000

/** Events that were not sent, by reason. */
interface Unsaid {
  count: number
  readonly ids: string[]
}

/** Events that were not sent, named in the log, counted for `telltale_dropped_total` and for the project's own statistics. */
export class Losses {
  #counts = new Map<LossReason, number>()
  #unsaid = new Map<string, Unsaid>()
  #timer: NodeJS.Timeout | undefined

  /** `id` is the event's, where one was made: the log names it within ten seconds, or as soon as it is told to. */
  add(reason: LossReason, why: string, id?: string): void {
    dropped('error', reason)
    if (reason !== 'before_send')
      reportOnce(
        `sentry-${reason}`,
        `errors are not sent to Sentry, and counted in telltale_dropped_total: ${why}`,
      )
    if (id !== undefined && reason !== 'before_send') this.#name(id, why)
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

  /** Names in the log, one line a reason, what has not been named yet. Never throws. */
  say(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const all = [...this.#unsaid]
    this.#unsaid = new Map()
    for (const [reason, { count, ids }] of all)
      log.insist(warning, 'errors_not_sent', { count, event_ids: ids, reason })
  }

  #name(id: string, why: string): void {
    const reason = this.#unsaid.size < maxReasons || this.#unsaid.has(why) ? why : 'several reasons'
    const unsaid = this.#unsaid.get(reason) ?? { count: 0, ids: [] }
    this.#unsaid.set(reason, unsaid)
    unsaid.count++
    if (unsaid.ids.length < maxNamed) unsaid.ids.push(id)
    this.#timer ??= setTimeout(() => this.say(), sayEveryMs).unref()
  }
}
