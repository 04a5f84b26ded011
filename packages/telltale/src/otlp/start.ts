import { isMainThread } from 'node:worker_threads'
import { addExit } from '../lifecycle/exits.js'
import { lifecycle } from '../lifecycle/settings.js'
import { within } from '../lifecycle/within.js'
import { addTap, type Identity } from '../log/pipeline.js'
import { inherited } from '../log/threads/shared.js'
import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { allHaveLeft, stillLeaving } from '../trace/leaving.js'
import type { FinishedSpan } from '../trace/span.js'
import { tracing, undecided } from '../trace/tracing.js'
import { Environment } from './environment.js'
import type { OtlpOptions } from './options.js'
import { Queue } from './queue.js'
import { type Sampling, samplingOf } from './sampler.js'
import { type Settings, settingsOf } from './settings.js'
import { weightOf } from './span-weight.js'

/** What the part of the exit that is loaded on use is given. */
export interface Wanted {
  readonly settings: Settings
  readonly identity: Identity
  readonly env: NodeJS.ProcessEnv
  readonly spans: Queue<FinishedSpan> | undefined
  readonly lines: Queue<string> | undefined
}

/** The part that is loaded on use. */
export interface Exporter {
  /** Sends what waits, metrics included. Never rejects. */
  flush(): Promise<void>
  /** Ends timers and connections; resolves nothing that is under way. */
  close(): void
}

/** Makes the exporter; undefined where it can't run, which it has said. */
export type OpenExporter = (wanted: Wanted) => Promise<Exporter | undefined>

/** Set by `import 'telltale/otlp'`, and then nothing is loaded later. */
export const here = slot('otlp.here', () => ({ open: undefined as OpenExporter | undefined }))

const running = slot('otlp', () => ({ exit: undefined as OtlpExit | undefined }))

/**
 * Sends spans, lines and metrics to a collector, where options or environment name one; else nothing is loaded and
 * nothing leaves. What is raised before all is loaded waits in the queues.
 */
export function startOtlp(
  options: OtlpOptions,
  identity: Identity,
  env: NodeJS.ProcessEnv,
  hasOwnSinks = false,
): void {
  running.exit?.close()
  const handsLinesOver = !hasOwnSinks && !isMainThread && inherited() !== undefined
  const environment = new Environment(env)
  const found = settingsOf(options, environment)
  const settings = {
    traces: found.traces,
    // The thread that writes a worker's lines, and is scraped for its metrics, sends them.
    logs: handsLinesOver ? undefined : found.logs,
    metrics: isMainThread ? found.metrics : undefined,
  }
  const sampling = samplingOf(options.tracesSampleRate, options.keepOnError, environment)
  // Who sends no spans may decide all the same what those behind it record.
  const decides = options.tracesSampleRate !== undefined || env['OTEL_TRACES_SAMPLER'] !== undefined
  tracing.sample = decides ? sampling.sample : undecided
  if (Object.values(settings).every((each) => each === undefined)) return
  running.exit = new OtlpExit(settings, sampling, identity, env)
}

/**
 * Sends what waits, spans, lines and metrics; resolves when that is done or was given up, at the latest after
 * `lifecycle.flushTimeoutMs`, until when it keeps the process alive. Never rejects.
 */
export async function flushOtlp(): Promise<void> {
  const { exit } = running
  if (exit !== undefined) await within(lifecycle.flushTimeoutMs, () => exit.flush())
}

class OtlpExit {
  readonly name = 'the OTLP exit'
  readonly #spans: Queue<FinishedSpan> | undefined
  readonly #lines: Queue<string> | undefined
  readonly #stops: (() => void)[] = []
  readonly #opened: Promise<void>
  #exporter: Exporter | undefined
  #isOver = false

  constructor(settings: Settings, sampling: Sampling, identity: Identity, env: NodeJS.ProcessEnv) {
    const { traces, logs } = settings
    this.#spans = traces && new Queue(traces, weightOf)
    this.#lines = logs && new Queue(logs, (line) => line.length)
    this.#takeSpans(sampling)
    this.#takeLines()
    this.#stops.push(addExit(this))
    this.#sendAtTheEnd(settings.metrics !== undefined)
    this.#opened = this.#open({ settings, identity, env, spans: this.#spans, lines: this.#lines })
  }

  hasWork(): boolean {
    return (this.#spans?.held ?? 0) + (this.#lines?.held ?? 0) + stillLeaving() > 0
  }

  async flush(): Promise<void> {
    await Promise.all([this.#opened, allHaveLeft()])
    await this.#exporter?.flush()
  }

  close(): void {
    this.#end('shutdown')
  }

  #takeSpans(sampling: Sampling): void {
    const queue = this.#spans
    if (queue === undefined) return
    const exit = {
      take: (span: FinishedSpan) => {
        if (queue.push(span)) return
        dropped('span', 'queue_full')
        sayFull('spans', 'maxQueueSpans and maxQueueChars')
      },
    }
    const { exit: _exit, ...former } = tracing
    Object.assign(tracing, { exit, ...sampling })
    this.#stops.push(() => {
      if (tracing.exit === exit) Object.assign(tracing, { exit: undefined, ...former })
    })
  }

  #takeLines(): void {
    const queue = this.#lines
    if (queue === undefined) return
    const stop = addTap((line) => {
      if (!queue.push(line)) {
        dropped('log', 'otlp_queue_full')
        sayFull('lines', 'maxQueueChars')
      }
      return false
    })
    this.#stops.push(stop)
  }

  /** A process that ends by itself, without a shutdown, still sends what it has. */
  #sendAtTheEnd(hasMetrics: boolean): void {
    let areMetricsLeft = hasMetrics
    let isLate = false
    const onIdle = (): void => {
      // What did not go in time does not hold the process again; what has come since does.
      const hasWork = isLate ? this.#waiting > 0 : this.hasWork()
      if (!areMetricsLeft && !hasWork) return
      areMetricsLeft = false
      void within(lifecycle.flushTimeoutMs, () => this.flush()).then((isSent) => {
        isLate = !isSent
        if (isLate) this.#loseWaiting('shutdown')
      })
    }
    process.on('beforeExit', onIdle)
    this.#stops.push(() => void process.off('beforeExit', onIdle))
  }

  get #waiting(): number {
    return (this.#spans?.size ?? 0) + (this.#lines?.size ?? 0)
  }

  async #open(wanted: Wanted): Promise<void> {
    try {
      const open = here.open ?? (await import('./exporter.js')).openExporter
      const exporter = this.#isOver ? undefined : await open(wanted)
      if (this.#isOver) return exporter?.close()
      this.#exporter = exporter
      if (exporter === undefined) this.#end('peer_missing')
    } catch (problem) {
      reportOnce('otlp-open', `nothing is sent over OTLP: ${show(problem)}`)
      this.#end('export_failed')
    }
  }

  #end(reason: 'shutdown' | 'peer_missing' | 'export_failed'): void {
    if (this.#isOver) return
    this.#isOver = true
    if (running.exit === this) running.exit = undefined
    for (const stop of this.#stops) stop()
    this.#exporter?.close()
    this.#loseWaiting(reason)
  }

  #loseWaiting(reason: string): void {
    lose('span', reason, this.#spans)
    lose('log', reason, this.#lines)
  }
}

function sayFull(what: string, bounds: string): void {
  reportOnce(
    `otlp-full ${what}`,
    `more ${what} wait for the collector than fit (otlp.${bounds}); the newest are dropped, and counted in telltale_dropped_total.`,
  )
}

function lose(signal: 'span' | 'log', reason: string, queue: Pick<Queue<never>, 'clear'> | undefined): void {
  const count = queue?.clear() ?? 0
  if (count > 0) dropped(signal, reason, count)
}
