import { Pause } from '../exit/pause.js'
import type { Transport } from '../exit/transport.js'
import { zipped } from '../exit/zip.js'
import { dropped, type Signal } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { withoutSecrets } from './discreet.js'
import { type Outcome, outcomeOf, type Refusal, type Reply } from './outcome.js'
import type { OtlpSignal, Target } from './settings.js'

const firstPauseMs = 500
const maxPauseMs = 5000
// A collector that asks for more is asked again all the same.
const maxRetryAfterMs = 300_000

export const signalOf = { traces: 'span', logs: 'log', metrics: 'metric' } as const satisfies Record<
  OtlpSignal,
  Signal
>

/** Reads what a collector says about a part that it took. */
export type ReadRefusal = (body: Buffer, contentType: string) => Refusal

/** Sends bodies of one signal, again where that may help, and counts what is lost. */
export class Sender {
  readonly #target: Target
  readonly #transport: Transport
  readonly #readRefusal: ReadRefusal
  readonly #pause = new Pause()
  /** Before this time the collector does not want to be asked. */
  #notBefore = 0
  #isOver = false

  constructor(target: Target, transport: Transport, readRefusal: ReadRefusal) {
    this.#target = target
    this.#transport = transport
    this.#readRefusal = readRefusal
  }

  /** Resolves when the body was taken or given up; `count` is what it holds. Never rejects. */
  async send(body: Uint8Array, count: number): Promise<void> {
    try {
      const text = this.#target.gzip ? await zipped(body) : body
      // While it is not to be asked, what comes waits in the queue, which has a bound.
      await this.#untilWelcome()
      await this.#attempts(text, count, performance.now() + this.#target.exportTimeoutMs)
    } catch (problem) {
      this.#lose('export_failed', count, textOf(problem))
    }
  }

  /** Ends a pause of its own choosing: what waits is tried at once. */
  hurry(): void {
    this.#pause.end()
  }

  close(): void {
    this.#isOver = true
    this.#pause.end()
    this.#transport.close()
  }

  async #attempts(body: Uint8Array, count: number, deadline: number): Promise<void> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
      if (this.#isOver) return this.#lose('export_failed', count, '')
      const outcome = await this.#attempt(body, deadline)
      if (outcome.kind === 'taken') return this.#refused(outcome.refusal, count)
      if (outcome.kind === 'refused') return this.#lose('rejected', count, outcome.why)
      if (outcome.retryAfterMs !== undefined)
        this.#notBefore = performance.now() + Math.min(outcome.retryAfterMs, maxRetryAfterMs)
      // Full jitter would ask at once now and then: half of it is kept.
      const waitMs = pauseMs * (0.5 + Math.random() / 2)
      if (this.#isOver || Math.max(performance.now() + waitMs, this.#notBefore) >= deadline)
        return this.#lose('export_failed', count, outcome.why)
      await this.#pause.wait(waitMs)
      await this.#untilWelcome()
    }
  }

  async #attempt(body: Uint8Array, deadline: number): Promise<Outcome> {
    const timeoutMs = Math.max(1, Math.min(this.#target.timeoutMs, deadline - performance.now()))
    let reply: Reply
    try {
      const answer = await this.#transport.post(body, this.#target.gzip, Math.round(timeoutMs))
      const { status, retryAfterMs, headers } = answer
      reply = { status, retryAfterMs, body: await answer.body, contentType: headers['content-type'] ?? '' }
    } catch (problem) {
      return { kind: 'failed', why: `${textOf(problem)}${this.#hint()}`, retryAfterMs: undefined }
    }
    return outcomeOf(reply, this.#readRefusal)
  }

  #hint(): string {
    return this.#target.url.port === '4317' ? '; 4317 is the port for gRPC, OTLP over HTTP has 4318' : ''
  }

  /** Waits as long as the collector asked for. */
  async #untilWelcome(): Promise<void> {
    while (!this.#isOver && performance.now() < this.#notBefore)
      await this.#pause.wait(this.#notBefore - performance.now())
  }

  #refused({ count, message }: Refusal, of: number): void {
    if (count > 0) this.#lose('rejected', Math.min(count, of), message || 'it does not say why')
    else if (message !== '') this.#say('warned', `says of the ${this.#target.signal} it took`, message)
  }

  #lose(reason: 'rejected' | 'export_failed', count: number, why: string): void {
    // The shutdown itself says that not all was sent.
    if (this.#isOver) return dropped(signalOf[this.#target.signal], 'shutdown', count)
    dropped(signalOf[this.#target.signal], reason, count)
    const what = reason === 'rejected' ? 'refuses' : 'does not take'
    this.#say(reason, `${what} ${this.#target.signal}, which are counted in telltale_dropped_total`, why)
  }

  // The origin alone: path, query and user may be secrets.
  #say(what: string, text: string, why: string): void {
    const { signal, url } = this.#target
    const said = show(withoutSecrets(why, this.#target))
    reportOnce(`otlp-${what} ${signal}`, `the collector at ${url.origin} ${text}: ${said}`)
  }
}

function textOf(problem: unknown): string {
  // Of several addresses that were tried, each has an error, and all of them together no text.
  const { message, code } = problem as NodeJS.ErrnoException
  return message || code || String(problem)
}
