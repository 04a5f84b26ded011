import { AsyncResource } from 'node:async_hooks'
import { promisify, types } from 'node:util'
import { gzip } from 'node:zlib'
import { flushSinks } from '../log/deliver.js'
import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { withoutReporting } from '../log/report.js'
import { show } from '../self/show.js'
import { envelopeOf } from './envelope.js'
import { eventOf, type SentryEvent } from './event.js'
import type { LossReason } from './losses.js'
import { type Answer, maxConnections, Post } from './post.js'
import { postAtExit } from './post-at-exit.js'
import { RateLimits } from './rate-limits.js'
import { scrubbedEvent } from './scrub.js'
import type { Reporter, Wanted } from './start.js'
import type { Entry } from './waiting.js'

const log = loggerNamed('telltale')
const zip = promisify(gzip)

const attemptMs = 10_000
const retryMs = 1000
// For less a compressor costs more than all else that is done for an event (measured).
const leastToZip = 16_384
const maxNamed = 100

export function openReporter(wanted: Wanted): Reporter {
  return new LightReporter(wanted)
}

/** Sends what waits, a few at a time, each once more where the connection or the server fails. */
class LightReporter implements Reporter {
  readonly #wanted: Wanted
  readonly #post: Post
  readonly #limits = new RateLimits()
  readonly #pauses = new Set<() => void>()
  #whenIdle: (() => void)[] = []
  #flushes = 0
  #flushingSince = 0
  #isWoken = false
  // Whoever wakes it from within a request must not give it, and its connections, the request's context.
  readonly #start = AsyncResource.bind(() => this.#run())

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    this.#post = new Post(wanted.settings.dsn)
  }

  wake(): void {
    if (this.#isWoken) return
    this.#isWoken = true
    setImmediate(() => {
      this.#isWoken = false
      this.#start()
    }).unref()
  }

  async flush(): Promise<void> {
    if (this.#flushes++ === 0) this.#flushingSince = performance.now()
    for (const end of this.#pauses) end()
    try {
      this.#start()
      await this.#idle()
      await this.#tellLosses()
    } finally {
      this.#flushes--
    }
  }

  sendAtExit(): void {
    const events = this.#leftEvents()
    if (events.length === 0) return
    const answers = this.#postAtExit(events)
    const left = events.filter((_, index) => answers[index] !== undefined)
    this.#say(left, answers.find((why) => why !== undefined) ?? '')
    this.#wanted.waiting.underWay.clear()
  }

  /** Why each was not sent, undefined where it was. */
  #postAtExit(events: readonly SentryEvent[]): (string | undefined)[] {
    const { settings, losses } = this.#wanted
    const { exitFlushMs, dsn } = settings
    const none = (why: string): string[] => events.map(() => why)
    if (exitFlushMs === 0) return none('sentry.exitFlushMs is 0')
    // An end that has been waited for already is not late twice.
    if (this.#flushes > 0 && performance.now() - this.#flushingSince >= exitFlushMs)
      return none(`${dsn.url.origin} does not answer`)
    if (this.#isLimited()) return none('the server has asked to be spared for a time')
    try {
      // The wait may be the last of the process.
      flushSinks()
      const bodies = events.map((event, index) => envelopeOf(event, index === 0 ? losses.take() : []))
      return postAtExit(dsn, bodies, exitFlushMs).map((status) => {
        if (isTaken(status)) return undefined
        if (status === -1) return `${dsn.url.origin} can't be reached`
        return status === 0
          ? `${dsn.url.origin} does not answer within ${exitFlushMs} ms (sentry.exitFlushMs)`
          : `${dsn.url.origin} answers ${status}`
      })
    } catch (problem) {
      return none(show(problem))
    }
  }

  close(): void {
    this.#say(this.#leftEvents(), 'the shutdown could not wait longer')
    this.#wanted.waiting.underWay.clear()
    for (const end of this.#pauses) end()
    this.#post.close()
  }

  #run(): void {
    const { waiting } = this.#wanted
    while (waiting.entries.length > 0 && waiting.underWay.size < maxConnections) {
      const entry = waiting.entries.shift()!
      waiting.underWay.add(entry)
      void this.#send(entry).then(() => {
        waiting.underWay.delete(entry)
        this.#run()
      })
    }
    if (waiting.underWay.size > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  #idle(): Promise<void> {
    const { entries, underWay } = this.#wanted.waiting
    if (entries.length + underWay.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  async #send(entry: Entry): Promise<void> {
    const { losses } = this.#wanted
    try {
      if (this.#isLimited())
        return losses.add('ratelimit_backoff', 'the server has asked to be spared for a time')
      const event = this.#eventOf(entry)
      if (event !== null) await this.#deliver(event)
    } catch (problem) {
      losses.add('internal_sdk_error', show(problem))
    }
  }

  async #deliver(event: SentryEvent | undefined): Promise<void> {
    const { losses, waiting } = this.#wanted
    const discarded = losses.take()
    const plain = envelopeOf(event, discarded)
    const isZipped = plain.length >= leastToZip
    const body = isZipped ? await zip(plain, { level: 1 }) : plain
    const outcome = await this.#attempts(body, isZipped)
    if (outcome === undefined) return
    losses.putBack(discarded)
    // Closed meanwhile, it has been said.
    if (event !== undefined && waiting.underWay.size > 0) losses.add(...outcome)
  }

  /** Undefined where it was taken. */
  async #attempts(body: Uint8Array, isZipped: boolean): Promise<[LossReason, string] | undefined> {
    const first = await this.#attempt(body, isZipped)
    if (first === undefined || !first.again) return first?.loss
    await this.#pause(retryMs)
    return (await this.#attempt(body, isZipped))?.loss
  }

  async #attempt(
    body: Uint8Array,
    isZipped: boolean,
  ): Promise<{ loss: [LossReason, string]; again: boolean } | undefined> {
    let answer: Answer
    try {
      answer = await this.#post.send(body, isZipped, attemptMs)
    } catch (problem) {
      const { code, message } = problem as NodeJS.ErrnoException
      // The origin alone: what else a DSN has is a key.
      const why = `${this.#wanted.settings.dsn.url.origin} can't be reached: ${code ?? show(message)}`
      return { loss: ['network_error', why], again: true }
    }
    const { status, rateLimits, retryAfterMs } = answer
    this.#limits.read(status, rateLimits, retryAfterMs, performance.now())
    if (isTaken(status)) return undefined
    const why = `${this.#wanted.settings.dsn.url.origin} answers ${status}`
    // The server has counted what it refuses for its limits.
    if (status === 429) return { loss: ['rejected', why], again: false }
    return { loss: ['send_error', why], again: status >= 500 }
  }

  async #tellLosses(): Promise<void> {
    if (!this.#wanted.losses.some || this.#limits.isLimited('internal', performance.now())) return
    await this.#deliver(undefined).catch(() => undefined)
  }

  /** Redacted, seen by the service's own hook and redacted again; null where it is not to be sent. */
  #eventOf(entry: Entry): SentryEvent | null {
    if (entry.event !== undefined) return entry.event
    const { settings, losses } = this.#wanted
    const { beforeSend } = settings
    const event = eventOf(entry.report, entry.said, settings)
    if (beforeSend === undefined) return (entry.event = event)
    try {
      const wanted: unknown = withoutReporting(() => beforeSend(event))
      if (wanted === null || wanted === undefined) {
        losses.add('before_send', '')
        return (entry.event = null)
      }
      if (types.isPromise(wanted)) wanted.catch(() => undefined)
      if (typeof wanted !== 'object' || typeof (wanted as { then?: unknown }).then === 'function')
        throw new TypeError('it returns no event')
      // The server knows an event by its id, and so does the log.
      return (entry.event = { ...scrubbedEvent(wanted as SentryEvent), event_id: entry.report.id })
    } catch (problem) {
      losses.add('callback_error', `sentry.beforeSend fails: ${show(problem)}`)
      return (entry.event = null)
    }
  }

  /** Takes all that waits or is under way. */
  #leftEvents(): SentryEvent[] {
    const { waiting } = this.#wanted
    const left = [...waiting.underWay, ...waiting.entries]
    waiting.entries = []
    return left.map((entry) => this.#eventOf(entry)).filter((event) => event !== null)
  }

  #say(events: readonly SentryEvent[], why: string): void {
    if (events.length === 0) return
    for (const _ of events) this.#wanted.losses.add('network_error', why)
    log.insist(warning, 'errors_not_sent', {
      count: events.length,
      event_ids: events.slice(0, maxNamed).map((event) => event.event_id),
      reason: why,
    })
  }

  #isLimited(): boolean {
    return this.#limits.isLimited('error', performance.now())
  }

  /** Cut short while somebody waits for all to be sent; it does not keep the process alive. */
  #pause(ms: number): Promise<void> {
    if (this.#flushes > 0) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms).unref()
      this.#pauses.add(end)
    })
  }
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}
