import { createRequire } from 'node:module'
import { addErrorExit, type ErrorExit } from '../errors/exits.js'
import { addExit } from '../lifecycle/exits.js'
import { lifecycle } from '../lifecycle/settings.js'
import { within } from '../lifecycle/within.js'
import type { Identity } from '../log/pipeline.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import type { Report } from './event.js'
import { Flood } from './flood.js'
import { Losses } from './losses.js'
import type { SentryOptions } from './options.js'
import { saidNow, saying } from './saying.js'
import { type Settings, settingsOf } from './settings.js'
import type { Entry, Waiting } from './waiting.js'

/** What the part that is loaded on use is given. */
export interface Wanted {
  readonly settings: Settings
  readonly waiting: Waiting
  readonly losses: Losses
}

/** The part that is loaded on use. */
export interface Reporter {
  /** Something waits. */
  wake(): void
  /** Resolves when what waits has been sent or given up. Never rejects. */
  flush(): Promise<void>
  /** Sends what waits while the process ends, before it returns; says what it could not send. */
  sendAtExit(): void
  /** Ends timers and connections, and says what was left. */
  close(): void
}

export type OpenReporter = (wanted: Wanted) => Reporter

/** Set by `import 'telltale/sentry'`, and then nothing is loaded later. */
export const here = slot('sentry.here', () => ({ open: undefined as OpenReporter | undefined }))

export const running = slot('sentry', () => ({
  exit: undefined as SentryExit | undefined,
  /** The service's own SDK reports. */
  isAttached: false,
  /** Takes messages in its stead. */
  message: undefined as ((report: Report) => void) | undefined,
  /** Ends the counting of what is reported after a shutdown. */
  stopCounting: undefined as (() => void) | undefined,
}))

/** Reports failures to a Sentry project, where options or environment name one; else nothing is loaded and nothing leaves. */
export function startSentry(
  options: SentryOptions | false,
  identity: Identity,
  env: NodeJS.ProcessEnv,
): void {
  running.exit?.close()
  running.stopCounting?.()
  running.stopCounting = undefined
  const settings = running.isAttached ? undefined : settingsOf(options, identity, env)
  if (settings !== undefined) running.exit = new SentryExit(settings)
}

/**
 * Sends what waits; resolves when that is done or was given up, at the latest after `lifecycle.flushTimeoutMs`, until when
 * it keeps the process alive. Never rejects.
 */
export async function flushSentry(): Promise<void> {
  const { exit } = running
  if (exit !== undefined) await within(lifecycle.flushTimeoutMs, () => exit.flush())
}

/** Counts a report that comes after the shutdown, until setup() comes again or the service's own SDK reports. */
export function countLate(): void {
  if (running.stopCounting === undefined || running.isAttached) return
  dropped('error', 'after_shutdown')
  reportOnce(
    'sentry-after-shutdown',
    'what is reported after shutdown() is not sent to Sentry, and counted in telltale_dropped_total',
  )
}

/** Not even a report is made. */
const late: ErrorExit = {
  wants() {
    countLate()
    return false
  },
  report: () => undefined,
}

export class SentryExit {
  readonly name = 'the Sentry exit'
  readonly #wanted: Wanted
  readonly #flood: Flood
  readonly #stopReports: () => void
  readonly #stops: (() => void)[] = []
  readonly #opened: Promise<void>
  #reporter: Reporter | undefined
  #isOver = false
  #isExiting = false

  constructor(settings: Settings) {
    const waiting = { entries: [], underWay: new Set<never>() }
    this.#wanted = { settings, waiting, losses: new Losses() }
    this.#flood = new Flood(settings.flood)
    this.#stopReports = addErrorExit(this)
    this.#stops.push(this.#stopReports, addExit(this))
    this.#sendAtTheEnd()
    this.#opened = this.#open()
  }

  /** Asked before a report is made: a storm costs little more than its counting. */
  wants(kind: string): boolean {
    const { settings, losses } = this.#wanted
    const isFull = this.#held >= settings.maxQueue
    if (isFull) losses.add('queue_overflow', `${settings.maxQueue} wait already (sentry.maxQueue)`)
    else if (!this.#flood.passes(kind, performance.now()))
      losses.add('sample_rate', 'those of one kind come faster than sentry.flood lets through')
    else return true
    return false
  }

  /** A failure, or a message. */
  report(report: Report): void {
    if (saying.capture !== undefined) saying.capture.id = report.id
    this.#wanted.waiting.entries.push({ report, said: saidNow() })
    // No turn comes any more: an exit listener of the application's own reports it.
    if (this.#isExiting) this.#sendAtExit()
    else this.#reporter?.wake()
  }

  async flush(): Promise<void> {
    await this.#opened
    await this.#reporter?.flush()
  }

  hasWork(): boolean {
    return this.#held > 0
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    if (running.exit === this) running.exit = undefined
    for (const stop of this.#stops) stop()
    if (this.#held > 0) this.#openNow()
    this.#reporter?.close()
    running.stopCounting ??= addErrorExit(late)
  }

  /** Ends it, and gives what is not under way to who reports from now on. */
  handOver(): Entry[] {
    const { waiting } = this.#wanted
    const entries = waiting.entries
    waiting.entries = []
    this.#stopReports()
    if (this.#held === 0) this.close()
    else void this.flush().finally(() => this.close())
    // Who reports from now on counts its losses itself.
    running.stopCounting?.()
    running.stopCounting = undefined
    return entries
  }

  get #held(): number {
    const { entries, underWay } = this.#wanted.waiting
    return entries.length + underWay.size
  }

  /** A process that ends without a shutdown still sends what it has. */
  #sendAtTheEnd(): void {
    const onIdle = (): void => {
      if (this.#held === 0) return
      process.off('beforeExit', onIdle)
      const hold = setTimeout(() => undefined, lifecycle.flushTimeoutMs)
      void this.flush().finally(() => clearTimeout(hold))
    }
    const onExit = (): void => {
      this.#isExiting = true
      if (this.#held > 0) this.#sendAtExit()
      else this.#wanted.losses.say()
    }
    process.on('beforeExit', onIdle)
    // Before the log's last act: what was not sent is a line.
    process.prependListener('exit', onExit)
    this.#stops.push(() => {
      process.off('beforeExit', onIdle)
      process.off('exit', onExit)
    })
  }

  #sendAtExit(): void {
    this.#openNow()
    this.#reporter?.sendAtExit()
  }

  async #open(): Promise<void> {
    try {
      const open = here.open ?? (await import('./reporter.js')).openReporter
      if (this.#isOver) return
      this.#reporter ??= open(this.#wanted)
      if (this.#held > 0) this.#reporter.wake()
    } catch (problem) {
      this.#fail(problem)
    }
  }

  /** In the turn that ends the process nothing can be waited for, an import neither. */
  #openNow(): void {
    if (this.#reporter !== undefined) return
    try {
      if (here.open === undefined) createRequire(import.meta.url)('telltale/sentry')
      this.#reporter = here.open?.(this.#wanted)
    } catch (problem) {
      this.#fail(problem)
    }
  }

  #fail(problem: unknown): void {
    const { waiting, losses } = this.#wanted
    reportOnce('sentry-open', `nothing is sent to Sentry: ${show(problem)}`)
    for (const { report } of waiting.entries)
      losses.add('internal_sdk_error', 'the reporter could not be loaded', report.id)
    waiting.entries = []
    losses.say()
  }
}
