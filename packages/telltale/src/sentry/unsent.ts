import { retryAfter } from '../exit/retry-after.js'
import { lifecycle } from '../lifecycle/settings.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { type LossReason, Losses } from './losses.js'
import { isTaken, PostAtExit } from './post-at-exit.js'
import { RateLimits } from './rate-limits.js'
import { serialized } from './sdk-envelope.js'
import { processNow, seeProcessing } from './sdk-process.js'
import { hasOwnTransport, isSending, targetOf } from './sdk-target.js'
import type { SdkEnvelope, SdkEvent, SdkResponse, SentryClient, SentrySdk } from './sdk.js'

// By default the SDK has room for 64 that it processes and 64 that it sends.
const maxTaken = 128

/** A client, and what is known of its server. */
interface Followed {
  readonly client: SentryClient
  readonly limits: RateLimits
  flushedAt: number | undefined
}

/** An event that a client was given, and that has neither been sent nor dropped. */
interface Taken {
  readonly by: Followed
  readonly at: number
  readonly event: SdkEvent
  readonly process: () => PromiseLike<unknown>
  /** A flush, or a shutdown, has waited for it in vain. */
  wasWaitedFor: boolean
  /** As it is sent, once it has been made. */
  envelope?: SdkEnvelope
}

/**
 * What the service's SDK was given and has not sent: `process.exit()` gives it no turn to do so, and it is posted in its
 * stead. What can't be sent is named in the log.
 */
export class Unsent {
  readonly #sdk: SentrySdk
  readonly #exitFlushMs: number
  readonly #exit: PostAtExit
  readonly #taken = new Map<string, Taken>()
  readonly #losses = new Losses()
  #isExiting = false
  #isPosting = false

  constructor(sdk: SentrySdk, exitFlushMs: number) {
    this.#sdk = sdk
    this.#exitFlushMs = exitFlushMs
    this.#exit = new PostAtExit(exitFlushMs, 'exitFlushMs')
  }

  /** Watches for the end of the process; returns what ends that. */
  watch(): () => void {
    const onExit = (): void => {
      this.#isExiting = true
      this.#post()
    }
    // Before the log's last act: what was not sent is a line.
    process.prependListener('exit', onExit)
    return () => {
      process.off('exit', onExit)
      this.#losses.say()
    }
  }

  /** Sees what a client is given and what becomes of it; returns what ends that. */
  follow(client: SentryClient): () => void {
    const by: Followed = { client, limits: new RateLimits(), flushedAt: undefined }
    const stop = seeProcessing(client, ([event, hint], process) => {
      const id = event.event_id ?? hint?.event_id
      // Errors and messages have no type.
      if (event.type !== undefined || id === undefined || !isSending(client)) return process()
      return this.#take(id, { by, at: performance.now(), event, process, wasWaitedFor: false })
    })
    if (stop === undefined)
      reportOnce('sentry-unseen', 'process.exit() loses what this version of the Sentry SDK has not sent')
    const offs = [
      stop,
      client.on('beforeEnvelope', (envelope) => {
        const taken = this.#taken.get(String(envelope[0]['event_id']))
        if (taken !== undefined) taken.envelope = envelope
      }),
      client.on('afterSendEvent', (event, response) => this.#answered(by, event, response ?? {})),
      client.on('flush', () => (by.flushedAt = performance.now())),
    ]
    return () => {
      for (const off of offs) if (typeof off === 'function') (off as () => void)()
    }
  }

  /** Sends what waits, by the SDK. */
  async flush(): Promise<void> {
    const waiting = [...this.#taken.values()]
    const isDone = await this.#sdk.flush(lifecycle.flushTimeoutMs)
    if (!isDone) for (const taken of waiting) taken.wasWaitedFor = true
    this.#losses.say()
  }

  /** What has not been sent by now has been waited for in vain. */
  waitNoLonger(): void {
    for (const taken of this.#taken.values()) taken.wasWaitedFor = true
  }

  #take(id: string, taken: Taken): PromiseLike<unknown> {
    const [oldest] = this.#taken.keys()
    if (oldest !== undefined && this.#taken.size >= maxTaken) this.#taken.delete(oldest)
    this.#taken.set(id, taken)
    const processed = taken.process()
    const forget = (): void => void this.#taken.delete(id)
    // A processor, a hook or a sample has dropped it; or a hook has given it another id.
    void processed.then(() => taken.envelope ?? forget(), forget)
    // No turn comes any more: an exit listener of the service's own reports it.
    if (this.#isExiting) this.#post()
    return processed
  }

  #answered({ client, limits }: Followed, event: SdkEvent, { statusCode, headers }: SdkResponse): void {
    if (statusCode !== undefined) {
      const retryAfterMs = retryAfter(headers?.['retry-after'] ?? undefined)
      limits.read(statusCode, headers?.['x-sentry-rate-limits'] ?? undefined, retryAfterMs, performance.now())
    }
    const id = String(event.event_id)
    // A transport of the service's own answers as it likes.
    if (!this.#taken.delete(id) || !hasOwnTransport(this.#sdk, client)) return
    if (statusCode === undefined) this.#lose(id, "the Sentry SDK's transport could not send it")
    else if (!isTaken(statusCode)) {
      const why = `${originOf(client)} answers ${statusCode}`
      this.#lose(id, why, statusCode === 429 ? 'rejected' : 'send_error')
    }
  }

  #post(): void {
    // The service's own hooks may report, too.
    if (this.#isPosting) return
    this.#isPosting = true
    this.#makeAll()
    const clients = new Set([...this.#taken.values()].map(({ by }) => by))
    for (const by of clients) this.#postOf(by)
    this.#losses.say()
    this.#isPosting = false
  }

  /** Where the SDK was still about to make them. */
  #makeAll(): void {
    for (const [id, { by, event, process, envelope }] of [...this.#taken]) {
      if (envelope !== undefined) continue
      try {
        if (processNow(by.client, process, event)) this.#taken.delete(id)
      } catch (problem) {
        this.#taken.delete(id)
        this.#lose(id, show(problem), 'internal_sdk_error')
      }
    }
  }

  #postOf(by: Followed): void {
    const all = [...this.#taken].filter(([, taken]) => taken.by === by)
    const left: { id: string; envelope: SdkEnvelope }[] = []
    for (const [id, taken] of all) {
      this.#taken.delete(id)
      const why = this.#whyNot(taken)
      if (why !== undefined) this.#lose(id, why)
      else if (taken.envelope === undefined)
        this.#lose(id, 'a processor or beforeSend of the service needs another turn', 'callback_error')
      else left.push({ id, envelope: taken.envelope })
    }
    if (left.length === 0) return
    const target = targetOf(by.client)
    const none = left.map(() => 'its DSN or tunnel is none')
    const answers = target === undefined ? none : this.#exit.post(target, left.map(bodyOf))
    for (const [index, { id }] of left.entries()) {
      const why = answers[index]
      if (why !== undefined) this.#lose(id, why)
    }
  }

  /** Why one is not even tried. */
  #whyNot({ by, at, wasWaitedFor }: Taken): string | undefined {
    const { client, limits, flushedAt } = by
    const now = performance.now()
    if (this.#exitFlushMs === 0) return 'exitFlushMs is 0'
    if (!hasOwnTransport(this.#sdk, client))
      return "the service's own transport can't send while the process ends"
    if (limits.isLimited('error', now)) return 'the server has asked to be spared for a time'
    // An end that has been waited for already is not late twice.
    const wasFlushed = flushedAt !== undefined && at <= flushedAt && now - flushedAt >= this.#exitFlushMs
    return wasWaitedFor || wasFlushed ? `${originOf(client)} does not answer` : undefined
  }

  #lose(id: string, why: string, reason: LossReason = 'network_error'): void {
    this.#losses.add(reason, why, id)
  }
}

/** No more of it: what else it has is a key. */
function originOf(client: SentryClient): string {
  return targetOf(client)?.url.origin ?? 'the server'
}

/** Why there is none, where it can't be made. */
function bodyOf({ envelope }: { readonly envelope: SdkEnvelope }): Uint8Array | string {
  try {
    return serialized(envelope)
  } catch (problem) {
    return show(problem)
  }
}
