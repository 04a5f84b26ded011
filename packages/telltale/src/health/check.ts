import { asError, briefField, isError } from '../errors/record.js'
import { messagesOf } from '../errors/messages.js'
import { histogram } from '../metrics/histogram.js'
import { loggerNamed } from '../log/logger.js'
import { info, warning } from '../log/levels.js'
import { show } from '../self/show.js'
import { type CheckFunction, type CheckSettings, retryMs } from './options.js'

export type CheckStatus = 'ok' | 'error' | 'timeout' | 'stale' | 'pending'

const duration = histogram('health_check_duration_seconds', {
  help: 'Time that a health check took to answer, or its time-out.',
  labels: { check: String },
})
const log = loggerNamed('health')

const longestTimer = 2 ** 31 - 1

/**
 * One check and what its answers have made of it. It runs in the background, never twice at once; reading it costs nothing and
 * asks nothing.
 */
export class Check {
  /** Of the last answer or time-out. */
  latencyMs: number | null = null
  /** RFC 3339, of the last answer or time-out: written once a run, not once a probe. */
  checkedAt: string | null = null
  /** RFC 3339, since which it has been what it is. */
  changedAt: string | null = null
  /** What it fails with, or what the last run failed with, though it may not be enough to make the check fail. */
  error: unknown
  /** Runs in succession that have failed; one that hangs counts again whenever another would have been due. */
  failures = 0
  private verdict: 'ok' | 'error' | 'timeout' | 'pending' = 'pending'
  private successes = 0
  // By `performance.now()`, which the setting of the clock does not move.
  private passedAt = 0
  private failedAt = 0
  private runningSince: number | undefined
  private abort: AbortController | undefined
  private isSaidToHang = false
  private timer: NodeJS.Timeout | undefined
  private stopped = true
  // Only the start waited for it, and it has passed.
  private isDone = false
  // A run that outlived a stop answers for a time that is over.
  private life = 0

  /** `former` has been the check of this name: what it last said holds until this one has answered. */
  constructor(
    readonly name: string,
    private readonly fn: CheckFunction,
    readonly settings: CheckSettings,
    former?: Check,
  ) {
    if (former === undefined) return
    const { latencyMs, checkedAt, changedAt, error, verdict, passedAt, failedAt } = former
    Object.assign(this, { latencyMs, checkedAt, changedAt, error, verdict, passedAt, failedAt })
  }

  /** As of now: a good answer that nothing has confirmed for `staleAfterMs` is `stale`. */
  get status(): CheckStatus {
    return this.verdict === 'ok' && this.isStale ? 'stale' : this.verdict
  }

  private get isStale(): boolean {
    return !this.isDone && performance.now() - this.passedAt > this.settings.staleAfterMs
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
    if (this.runningSince === undefined) return void this.run()
    // A run of before a stop, which nothing can end: the next waits for it, and the time for an answer runs.
    const { life } = this
    const startedAt = performance.now()
    this.after(this.settings.timeoutMs, () => {
      this.settle('timeout', startedAt, new Error('a run of before the last start has not ended'))
      this.waitOut(life)
    })
  }

  /** Ends the runs; the one under way is told by its signal. What it last said stays. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    this.abort?.abort(new Error('the check has been stopped'))
  }

  /** It has said nothing yet, as before its first start. */
  forget(): void {
    this.verdict = 'pending'
    this.checkedAt = this.changedAt = this.latencyMs = null
    this.error = undefined
    this.failures = this.successes = 0
    this.isDone = false
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    const { life } = this
    const startedAt = (this.runningSince = performance.now())
    const abort = (this.abort = new AbortController())
    const late = new Error(`no answer within ${this.settings.timeoutMs} ms`)
    let hasEnded = false
    let isSettled = false
    const end = (): void => {
      if (hasEnded || !this.isCurrent(life)) return
      abort.abort(late)
      // One that heeds it tells within the turn what it waited for.
      setImmediate(() => {
        if (hasEnded || !this.isCurrent(life)) return
        isSettled = true
        this.settle('timeout', startedAt, late)
        this.waitOut(life)
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
    this.isSaidToHang = false
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

  /** Another run is due, but one that ignores its signal would heap up with each: it is said once, and fails again. */
  private waitOut(life: number): void {
    this.after(Math.min(this.settings.intervalMs, retryMs), () => {
      const ms = this.hungMs
      if (!this.isCurrent(life) || ms === undefined) return
      this.failures++
      this.judge('timeout')
      if (!this.isSaidToHang && ms > this.settings.timeoutMs + retryMs) this.sayItHangs(ms)
      this.waitOut(life)
    })
  }

  private sayItHangs(ms: number): void {
    this.isSaidToHang = true
    this.raise(warning, 'health_check_hung', {
      running_ms: Math.round(ms),
      reason: 'it ignores its abort signal, and is not asked again until it ends',
    })
  }

  private after(ms: number, act: () => void): void {
    clearTimeout(this.timer)
    // Jitter keeps a fleet's checks from arriving together.
    this.timer = setTimeout(act, Math.min(ms * (0.9 + Math.random() * 0.2), longestTimer))
    this.timer.unref()
  }

  private settle(result: 'ok' | 'error' | 'timeout', startedAt: number, error: unknown): void {
    const now = performance.now()
    const isGood = result === 'ok'
    this.latencyMs = Math.round(now - startedAt)
    this.checkedAt = new Date().toISOString()
    duration.observe({ check: this.name }, (now - startedAt) / 1000)
    this.failures = isGood ? 0 : this.failures + 1
    this.successes = isGood ? this.successes + 1 : 0
    this.judge(result, error)
    if (isGood) this.passedAt = now
  }

  /**
   * What there is no verdict about yet is what it says first; later it takes as many answers as the thresholds ask for, or
   * a good answer's age. What it fails with stays until it passes.
   */
  private judge(result: 'ok' | 'error' | 'timeout', error = this.error): void {
    const { verdict: before, settings } = this
    const wasBad = before === 'error' || before === 'timeout'
    if (result === 'ok') {
      if (wasBad && this.successes < settings.successThreshold) return
      this.error = undefined
      this.become('ok', wasBad || before === 'pending')
      if (wasBad)
        this.raise(info, 'health_check_recovered', { down_ms: Math.round(performance.now() - this.failedAt) })
      return
    }
    this.error = error
    if (before === 'ok' && this.failures < settings.failureThreshold && !this.isStale) return
    this.become(result, !wasBad)
    if (wasBad) return
    this.failedAt = performance.now()
    // Of a time-out there is no more to say than its text.
    const told = result === 'timeout' ? briefField(this.error) : asError(this.error)
    this.raise(warning, 'health_check_failed', { status: result, error: told })
  }

  private become(verdict: 'ok' | 'error' | 'timeout', isChange: boolean): void {
    this.verdict = verdict
    if (isChange) this.changedAt = this.checkedAt
  }

  private raise(level: number, event: string, fields: object): void {
    const { name, settings } = this
    log.raise(level, event, { check: name, critical: settings.critical, ...fields }, undefined)
  }
}

/** `false`, an error, or what says of itself that it is not `ok`, as the response of a `fetch` does. */
function refusalIn(answer: unknown): { readonly error: unknown } | undefined {
  if (answer === false) return { error: new Error('the check returned false') }
  if (typeof answer !== 'object' || answer === null) return undefined
  if (isError(answer)) return { error: answer }
  discard(answer as Partial<Response>)
  const { ok, status } = answer as { ok?: unknown; status?: unknown }
  if (ok !== false) return undefined
  const said = typeof status === 'number' ? `status ${status}` : 'ok: false'
  return { error: new Error(`the check returned ${said}`) }
}

/** Of a response: a body that nobody reads holds its connection until it is collected. */
function discard({ body, bodyUsed }: Partial<Response>): void {
  if (bodyUsed === false && typeof body?.cancel === 'function' && !body.locked)
    void body.cancel().catch(() => undefined)
}

/** What a run that heeded its abort says; that it was aborted is known. */
function lateAnswer(error: unknown): Error | undefined {
  return error instanceof Error && error.name !== 'AbortError' ? error : undefined
}

/** The text of what a check last failed with and of its causes, as it may be shown to those who may see it. */
export function errorText(error: unknown): string {
  return show(messagesOf(error))
}
