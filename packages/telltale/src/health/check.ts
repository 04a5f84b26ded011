import { briefField } from '../errors/record.js'
import { gauge } from '../metrics/gauge.js'
import { histogram } from '../metrics/histogram.js'
import { loggerNamed } from '../log/logger.js'
import { info, warning } from '../log/levels.js'

export type CheckStatus = 'ok' | 'error' | 'timeout' | 'stale' | 'pending'

export interface CheckOptions {
  /** Whether the service is unavailable without it; default true. A check that isn't only degrades readiness. */
  readonly critical?: boolean
  /** Milliseconds after which an unanswered check counts as failed; default 2,000. */
  readonly timeoutMs?: number
  /** Milliseconds between two runs; default 10,000. A failing check is asked again after a second at most. */
  readonly intervalMs?: number
}

/** Rejecting, throwing and returning `false` fail the check; anything else passes it. `signal` aborts at the time-out. */
export type CheckFunction = (signal: AbortSignal) => unknown

const up = gauge('health_check_up', {
  help: 'Whether the last run of a health check passed (1) or not (0).',
  labels: { check: String },
  // Of several processes: one that fails is not hidden by those that don't.
  merge: 'min',
})
const duration = histogram('health_check_duration_seconds', {
  help: 'Time that a health check took to answer, or its time-out.',
  labels: { check: String },
})
const log = loggerNamed('health')

const retryMs = 1000
// One that hangs must not keep the dependency's recovery unseen; more than one would heap up.
const maxUnderWay = 2

/** One check and its last answer. It runs in the background; reading it costs nothing and asks nothing. */
export class Check {
  readonly critical: boolean
  latencyMs: number | null = null
  checkedAt: number | null = null
  error: unknown
  private result: 'ok' | 'error' | 'timeout' | 'pending' = 'pending'
  private failedAt = 0
  private readonly timeoutMs: number
  private readonly intervalMs: number
  private timer: NodeJS.Timeout | undefined
  private stopped = true
  private latest = 0
  private underWay = 0
  private isDue = false

  constructor(
    readonly name: string,
    private readonly fn: CheckFunction,
    options: CheckOptions,
  ) {
    this.critical = options.critical ?? true
    this.timeoutMs = options.timeoutMs ?? 2000
    this.intervalMs = options.intervalMs ?? 10_000
  }

  /** As of now: an answer older than three intervals is `stale`. */
  get status(): CheckStatus {
    if (this.checkedAt === null) return 'pending'
    return Date.now() - this.checkedAt > 3 * this.intervalMs + this.timeoutMs ? 'stale' : this.result
  }

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    void this.run()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private async run(): Promise<void> {
    if (this.underWay === maxUnderWay) {
      this.isDue = true
      return
    }
    this.underWay++
    const run = ++this.latest
    const startedAt = performance.now()
    const abort = new AbortController()
    const timer = setTimeout(() => {
      const late = new Error(`no answer within ${this.timeoutMs} ms`)
      this.settle(run, 'timeout', startedAt, late)
      // Planned now, not when this run settles: it may ignore the signal and never do so.
      this.plan(run)
      abort.abort(late)
    }, this.timeoutMs)
    timer.unref()
    try {
      const answer = await this.fn(abort.signal)
      if (answer === false) throw new Error('the check returned false')
      if (!abort.signal.aborted) this.settle(run, 'ok', startedAt, undefined)
    } catch (error) {
      if (!abort.signal.aborted) this.settle(run, 'error', startedAt, error)
    }
    clearTimeout(timer)
    this.underWay--
    if (!abort.signal.aborted) this.plan(run)
    else if (this.isDue) this.plan(this.latest)
  }

  private plan(run: number): void {
    if (this.stopped || run !== this.latest) return
    this.isDue = false
    clearTimeout(this.timer)
    const wait = this.result === 'ok' ? this.intervalMs : Math.min(this.intervalMs, retryMs)
    // Jitter keeps a fleet's checks from arriving together.
    this.timer = setTimeout(() => void this.run(), wait * (0.9 + Math.random() * 0.2))
    this.timer.unref()
  }

  private settle(run: number, result: 'ok' | 'error' | 'timeout', startedAt: number, error: unknown): void {
    // A run that outlived a stop answers for a time that is over.
    if (this.stopped || run !== this.latest) return
    const before = this.result
    const ms = performance.now() - startedAt
    this.result = result
    this.error = error
    this.latencyMs = Math.round(ms)
    this.checkedAt = Date.now()
    duration.observe({ check: this.name }, ms / 1000)
    up.set({ check: this.name }, result === 'ok' ? 1 : 0)
    const wasBad = before === 'error' || before === 'timeout'
    if (result !== 'ok' && !wasBad) {
      this.failedAt = Date.now()
      this.raise(warning, 'health_check_failed', { status: result, error: briefField(error) })
    } else if (result === 'ok' && wasBad) {
      this.raise(info, 'health_check_recovered', { down_ms: Date.now() - this.failedAt })
    }
  }

  private raise(level: number, event: string, fields: object): void {
    log.raise(level, event, { check: this.name, critical: this.critical, ...fields }, undefined)
  }
}
