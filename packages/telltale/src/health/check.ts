import { briefError, briefField } from '../errors/record.js'
import { histogram } from '../metrics/histogram.js'
import { loggerNamed } from '../log/logger.js'
import { info, warning } from '../log/levels.js'
import { show } from '../self/show.js'
import type { CheckFunction, CheckSettings } from './options.js'

export type CheckStatus = 'ok' | 'error' | 'timeout' | 'stale' | 'pending'

const duration = histogram('health_check_duration_seconds', {
  help: 'Time that a health check took to answer, or its time-out.',
  labels: { check: String },
})
const log = loggerNamed('health')

const retryMs = 1000

/**
 * One check and what its answers have made of it. It runs in the background, never twice at once; reading it costs nothing and
 * asks nothing.
 */
export class Check {
  /** Of the last answer or time-out. */
  latencyMs: number | null = null
  /** Epoch milliseconds of the last answer or time-out. */
  checkedAt: number | null = null
  /** Epoch milliseconds since which it has been what it is. */
  changedAt: number | null = null
  /** What the last run failed with, though it may not be enough to make the check fail. */
  error: unknown
  /** Runs in succession that have failed. */
  failures = 0
  private verdict: 'ok' | 'error' | 'timeout' | 'pending' = 'pending'
  private successes = 0
  /** By `performance.now()`, which the setting of the clock does not move. */
  private answeredAt = 0
  private failedAt = 0
  private runningSince: number | undefined
  private timer: NodeJS.Timeout | undefined
  private stopped = true
  // Only the start waited for it, and it has passed.
  private isDone = false
  // A run that outlived a stop answers for a time that is over.
  private life = 0

  constructor(
    readonly name: string,
    private readonly fn: CheckFunction,
    readonly settings: CheckSettings,
  ) {}

  /** As of now: a good answer that nothing has confirmed for `staleAfterMs` is `stale`. */
  get status(): CheckStatus {
    if (this.verdict !== 'ok' || this.isDone) return this.verdict
    return performance.now() - this.answeredAt > this.settings.staleAfterMs ? 'stale' : 'ok'
  }

  get isBad(): boolean {
    const { status } = this
    return status !== 'ok' && status !== 'pending'
  }

  /** Milliseconds that a run has gone on past its time-out; undefined where none does. */
  get hungMs(): number | undefined {
    if (this.runningSince === undefined) return undefined
    const ms = performance.now() - this.runningSince
    return ms > this.settings.timeoutMs ? ms : undefined
  }

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    this.life++
    if (this.runningSince === undefined) void this.run()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private async run(): Promise<void> {
    const { life } = this
    const startedAt = (this.runningSince = performance.now())
    const abort = new AbortController()
    const late = new Error(`no answer within ${this.settings.timeoutMs} ms`)
    let hasEnded = false
    let isSettled = false
    const end = (): void => {
      if (hasEnded) return
      abort.abort(late)
      // One that heeds it tells within the turn what it waited for.
      setImmediate(() => {
        if (hasEnded || !this.isCurrent(life)) return
        isSettled = true
        this.settle('timeout', startedAt, late)
        this.sayWhereHung(life)
      })
    }
    // Past the next poll: where the event loop was blocked, timers come before the answer that has long been there.
    const timer = setTimeout(() => setImmediate(end), this.settings.timeoutMs)
    timer.unref()
    let failure: { readonly error: unknown } | undefined
    try {
      failure = refusalIn(await this.fn(abort.signal))
    } catch (error) {
      failure = { error }
    }
    hasEnded = true
    clearTimeout(timer)
    this.runningSince = undefined
    if (this.stopped) return
    if (life !== this.life) return void this.run()
    if (!abort.signal.aborted) this.settle(failure === undefined ? 'ok' : 'error', startedAt, failure?.error)
    else if (!isSettled) this.settle('timeout', startedAt, lateAnswer(failure?.error) ?? late)
    this.plan()
  }

  private isCurrent(life: number): boolean {
    return !this.stopped && life === this.life
  }

  private plan(): void {
    const isWell = this.verdict === 'ok' && this.failures === 0
    const { intervalMs, groups } = this.settings
    if (isWell && groups.every((group) => group === 'startup')) {
      this.isDone = true
      return
    }
    this.after(isWell ? intervalMs : Math.min(intervalMs, retryMs), () => void this.run())
  }

  /** The next run is due, but one that ignores its signal would heap up with each: it is said once, and waited for. */
  private sayWhereHung(life: number): void {
    this.after(Math.max(this.settings.timeoutMs, retryMs), () => {
      if (!this.isCurrent(life) || this.hungMs === undefined) return
      this.raise(warning, 'health_check_hung', {
        running_ms: Math.round(this.hungMs),
        reason: 'it ignores its abort signal, and is not asked again until it ends',
      })
    })
  }

  private after(ms: number, act: () => void): void {
    clearTimeout(this.timer)
    // Jitter keeps a fleet's checks from arriving together.
    this.timer = setTimeout(act, ms * (0.9 + Math.random() * 0.2))
    this.timer.unref()
  }

  private settle(result: 'ok' | 'error' | 'timeout', startedAt: number, error: unknown): void {
    const now = performance.now()
    this.error = error
    this.latencyMs = Math.round(now - startedAt)
    this.checkedAt = Date.now()
    this.answeredAt = now
    duration.observe({ check: this.name }, (now - startedAt) / 1000)
    this.failures = result === 'ok' ? 0 : this.failures + 1
    this.successes = result === 'ok' ? this.successes + 1 : 0
    this.judge(result)
  }

  /** What there is no verdict about yet is what it says first; later it takes as many answers as the thresholds ask for. */
  private judge(result: 'ok' | 'error' | 'timeout'): void {
    const { verdict: before, settings } = this
    const wasBad = before === 'error' || before === 'timeout'
    if (result === 'ok') {
      if (wasBad && this.successes < settings.successThreshold) return
      this.become('ok')
      if (wasBad)
        this.raise(info, 'health_check_recovered', { down_ms: Math.round(this.answeredAt - this.failedAt) })
      return
    }
    if (before === 'ok' && this.failures < settings.failureThreshold) return
    this.become(result)
    if (wasBad) return
    this.failedAt = this.answeredAt
    this.raise(warning, 'health_check_failed', { status: result, error: briefField(this.error) })
  }

  private become(verdict: 'ok' | 'error' | 'timeout'): void {
    if (verdict === this.verdict) return
    this.verdict = verdict
    this.changedAt = Date.now()
  }

  private raise(level: number, event: string, fields: object): void {
    const { name, settings } = this
    log.raise(level, event, { check: name, critical: settings.critical, ...fields }, undefined)
  }
}

/** `false`, or what says of itself that it is not `ok`, as the response of a `fetch` does. */
function refusalIn(answer: unknown): { readonly error: unknown } | undefined {
  if (answer === false) return { error: new Error('the check returned false') }
  if (typeof answer !== 'object' || answer === null) return undefined
  const { ok, status } = answer as { ok?: unknown; status?: unknown }
  if (ok !== false) return undefined
  const said = typeof status === 'number' ? `status ${status}` : 'ok: false'
  return { error: new Error(`the check returned ${said}`) }
}

/** What a run that heeded its abort says; that it was aborted is known. */
function lateAnswer(error: unknown): Error | undefined {
  return error instanceof Error && error.name !== 'AbortError' ? error : undefined
}

/** The text of what a check last failed with, as it may be shown to those who may see it. */
export function errorText(error: unknown): string {
  const { message, code, type } = briefError(error)
  const text = message || type
  return show(code === undefined || text.includes(String(code)) ? text : `${text} (${code})`)
}
