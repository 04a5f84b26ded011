import { AsyncResource } from 'node:async_hooks'
import { types } from 'node:util'
import { Pause } from '../exit/pause.js'
import { Transport, type Answer } from '../exit/transport.js'
import { zipped } from '../exit/zip.js'
import { withoutReporting } from '../log/report.js'
import { show } from '../self/show.js'
import { envelopeOf } from './envelope.js'
import { eventOf, type SentryEvent } from './event.js'
import { headersOf } from './headers.js'
import type { LossReason } from './losses.js'
import { isTaken, PostAtExit } from './post-at-exit.js'
import { RateLimits } from './rate-limits.js'
import { scrubbed } from './scrub.js'
import { withoutStatements } from './statements.js'
import type { Reporter, Wanted } from './start.js'
import type { Entry } from './waiting.js'

const maxConnections = 4
const attemptMs = 10_000
const retryMs = 1000
// For less a compressor costs more than all else that is done for an event (measured).
const leastToZip = 16_384

export function openReporter(wanted: Wanted): Reporter {
  return new LightReporter(wanted)
}

/** What waited as the reporter ended. */
interface Left {
  readonly id: string
  readonly event: SentryEvent
}

/** Sends what waits, a few at a time, each once more where the connection or the server fails. */
class LightReporter implements Reporter {
  readonly #wanted: Wanted
  readonly #transport: Transport
  readonly #limits = new RateLimits()
  readonly #pause = new Pause()
  #whenIdle: (() => void)[] = []
  #flushes = 0
  #flushingSince = 0
  #isWoken = false
  #isClosed = false
  #isAtExit = false
  readonly #exit: PostAtExit
  // Whoever wakes it from within a request must not give it, and its connections, the request's context.
  readonly #start = AsyncResource.bind(() => this.#run())

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    const { dsn, exitFlushMs } = wanted.settings
    this.#exit = new PostAtExit(exitFlushMs, 'sentry.exitFlushMs')
    const connections = { maxSockets: maxConnections, maxFreeSockets: maxConnections }
    this.#transport = new Transport(dsn.url, headersOf(dsn), connections)
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
    this.#pause.end()
    try {
      this.#start()
      await this.#idle()
      await this.#tellLosses()
    } finally {
      this.#flushes--
      this.#wanted.losses.say()
    }
  }

  sendAtExit(): void {
    // The service's own hook may report, too.
    if (this.#isAtExit) return
    this.#isAtExit = true
    const { waiting, losses } = this.#wanted
    const left = this.#takeLeft()
    const answers = left.length === 0 ? [] : this.#postAtExit(left)
    for (const [index, { id }] of left.entries()) {
      const why = answers[index]
      if (why !== undefined) losses.add('network_error', why, id)
    }
    for (const { report } of waiting.entries.splice(0))
      losses.add('network_error', 'it was reported while others were sent, as the process ended', report.id)
    losses.say()
    this.#isAtExit = false
  }

  /** Why each was not sent, undefined where it was. */
  #postAtExit(left: readonly Left[]): (string | undefined)[] {
    const { settings } = this.#wanted
    const { exitFlushMs, dsn } = settings
    const none = (why: string): string[] => left.map(() => why)
    if (exitFlushMs === 0) return none('sentry.exitFlushMs is 0')
    // An end that has been waited for already is not late twice.
    if (this.#flushes > 0 && performance.now() - this.#flushingSince >= exitFlushMs)
      return none(`${dsn.url.origin} does not answer`)
    if (this.#isLimited()) return none('the server has asked to be spared for a time')
    return this.#exit.post({ url: dsn.url, headers: headersOf(dsn) }, this.#bodies(left))
  }

  /** Each on its own, so that one that can't be made costs no other; why it can't, in its place. */
  #bodies(left: readonly Left[]): (Buffer | string)[] {
    let discarded = this.#wanted.losses.take()
    return left.map(({ event }) => {
      try {
        const body = envelopeOf(event, discarded)
        discarded = []
        return body
      } catch (problem) {
        return show(problem)
      }
    })
  }

  close(): void {
    this.#isClosed = true
    const { losses } = this.#wanted
    const why = this.#whyNotLonger()
    for (const { id } of this.#takeLeft()) losses.add('network_error', why, id)
    losses.say()
    this.#pause.end()
    this.#transport.close()
  }

  #whyNotLonger(): string {
    const why = 'the shutdown could not wait longer'
    if (this.#flushes === 0) return why
    const waitedMs = performance.now() - this.#flushingSince
    const { origin } = this.#wanted.settings.dsn.url
    return `${origin} has not answered for ${(waitedMs / 1000).toFixed(1)} s, and ${why}`
  }

  #run(): void {
    const { waiting } = this.#wanted
    while (!this.#isClosed && waiting.entries.length > 0 && waiting.underWay.size < maxConnections) {
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
    const { id } = entry.report
    try {
      if (this.#isLimited())
        return losses.add('ratelimit_backoff', 'the server has asked to be spared for a time', id)
      const event = this.#eventOf(entry)
      if (event !== null) await this.#deliver(event, entry)
    } catch (problem) {
      losses.add('internal_sdk_error', show(problem), id)
    }
  }

  async #deliver(event: SentryEvent | undefined, entry?: Entry): Promise<void> {
    const { losses, waiting } = this.#wanted
    let discarded = losses.take()
    try {
      const plain = envelopeOf(event, discarded)
      const isZipped = plain.length >= leastToZip
      const body = isZipped ? await zipped(plain) : plain
      const outcome = await this.#attempts(body, isZipped)
      if (outcome === undefined) discarded = []
      // Closed meanwhile, it has been said.
      else if (entry !== undefined && waiting.underWay.has(entry)) losses.add(...outcome, entry.report.id)
    } finally {
      losses.putBack(discarded)
    }
  }

  /** Undefined where it was taken. */
  async #attempts(body: Uint8Array, isZipped: boolean): Promise<[LossReason, string] | undefined> {
    const closed: [LossReason, string] = ['network_error', 'the reporter is closed']
    // Compressing took a moment, too.
    if (this.#isClosed) return closed
    const first = await this.#attempt(body, isZipped)
    if (first === undefined || !first.again) return first?.loss
    // Whoever waits for all to be sent does not wait for this.
    if (this.#flushes === 0) await this.#pause.wait(retryMs)
    if (this.#isClosed) return closed
    // It may have asked to be spared with its first answer.
    if (this.#isLimited()) return first.loss
    return (await this.#attempt(body, isZipped))?.loss
  }

  async #attempt(
    body: Uint8Array,
    isZipped: boolean,
  ): Promise<{ loss: [LossReason, string]; again: boolean } | undefined> {
    let answer: Answer
    try {
      answer = await this.#transport.post(body, isZipped, attemptMs)
    } catch (problem) {
      const { code, message } = problem as NodeJS.ErrnoException
      // The origin alone: what else a DSN has is a key.
      const why = `${this.#wanted.settings.dsn.url.origin} can't be reached: ${code ?? show(message)}`
      return { loss: ['network_error', why], again: true }
    }
    const { status, headers, retryAfterMs } = answer
    const limits = headers['x-sentry-rate-limits']
    const rateLimits = Array.isArray(limits) ? limits.join(',') : limits
    this.#limits.read(status, rateLimits, retryAfterMs, performance.now())
    if (isTaken(status)) return undefined
    const why = `${this.#wanted.settings.dsn.url.origin} answers ${status}`
    // The server has counted what it refuses for its limits.
    if (status === 429) return { loss: ['rejected', why], again: false }
    return { loss: ['send_error', why], again: status >= 500 }
  }

  async #tellLosses(): Promise<void> {
    if (!this.#wanted.losses.some || this.#limits.isLimited('internal', performance.now())) return
    await this.#deliver(undefined).catch(() => {
      // What could not be told is told with what is sent next.
    })
  }

  /** Redacted, seen by the service's own hook and redacted again; null where it is not to be sent. */
  #eventOf(entry: Entry): SentryEvent | null {
    if (entry.event !== undefined) return entry.event
    const { settings, losses } = this.#wanted
    const { beforeSend } = settings
    const event = withoutStatements(eventOf(entry.report, entry.said, settings))
    if (beforeSend === undefined) return (entry.event = event)
    try {
      // A copy, since other exits are given the same report.
      const wanted: unknown = withoutReporting(() => beforeSend(structuredClone(event)))
      if (wanted === null || wanted === undefined) {
        losses.add('before_send', '')
        return (entry.event = null)
      }
      if (types.isPromise(wanted)) {
        wanted.catch(() => undefined)
        throw new TypeError('it returns a promise, and must return the event itself')
      }
      if (typeof wanted !== 'object' || typeof (wanted as { then?: unknown }).then === 'function')
        throw new TypeError('it returns no event')
      // The server knows an event by its id, and so does the log.
      const safe = withoutStatements(scrubbed(wanted) as SentryEvent)
      return (entry.event = { ...safe, event_id: entry.report.id })
    } catch (problem) {
      losses.add('callback_error', `sentry.beforeSend fails: ${show(problem)}`, entry.report.id)
      return (entry.event = null)
    }
  }

  /** Takes all that waits or is under way. */
  #takeLeft(): Left[] {
    const { waiting, losses } = this.#wanted
    const left = [...waiting.underWay, ...waiting.entries]
    waiting.entries = []
    waiting.underWay.clear()
    return left.flatMap((entry) => {
      const { id } = entry.report
      try {
        const event = this.#eventOf(entry)
        return event === null ? [] : [{ id, event }]
      } catch (problem) {
        losses.add('internal_sdk_error', show(problem), id)
        return []
      }
    })
  }

  #isLimited(): boolean {
    return this.#limits.isLimited('error', performance.now())
  }
}
