import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import type { Definition } from './definition.js'
import { given, refuse } from './refusal.js'
import type { Store } from './store.js'
import { keepToThread } from './stores.js'
import { isThenable } from './timed.js'

export type Collect = (metric: unknown) => unknown

// More than this is a leak (the same metric defined once per request, say), not a design.
const maxCollectors = 64
const defaultTimeoutMs = 1000

export interface CollectOptions {
  readonly collect?: Collect | undefined
  readonly timeoutMs?: number | undefined
}

/** Throws an Error for a `collect` that is no function, or a timeout that is none. */
export function checkCollect({ type, name }: Definition, { collect, timeoutMs }: CollectOptions): void {
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 1 && timeoutMs <= 60_000)) {
    throw new Error(
      `${type}("${name}"): timeoutMs must be a number of milliseconds from 1 to 60000, got ${given(timeoutMs)}.`,
    )
  }
  if (collect !== undefined && typeof collect !== 'function') {
    throw new Error(
      `${type}("${name}"): collect must be a function that sets the ${type}, got ${given(collect)}.`,
    )
  }
}

interface Collector {
  readonly timeoutMs: number
  /** There while a call that timed out goes on: it is not called again beside itself. */
  running: Promise<boolean> | undefined
  /** When the last call began. */
  begun: number
  hasFailed: boolean
}

/** The functions that bring a metric up to date at each scrape. */
export class Collectors {
  readonly #definition: Definition
  readonly #metric: { readonly store: Store }
  readonly #all = new Map<Collect, Collector>()

  constructor(definition: Definition, metric: { readonly store: Store }) {
    this.#definition = definition
    this.#metric = metric
  }

  add({ collect, timeoutMs = defaultTimeoutMs }: CollectOptions): void {
    if (collect === undefined) return
    keepToThread(this.#metric.store)
    if (this.#all.size >= maxCollectors && !this.#all.has(collect)) {
      this.#fail(`has ${maxCollectors} collect functions; a further one is not called`)
    } else this.#all.set(collect, { timeoutMs, running: undefined, begun: 0, hasFailed: false })
  }

  /** Whether one failed when it last ended, or was found to go on for longer than it may. */
  get hasFailed(): boolean {
    return [...this.#all.values()].some((collector) => collector.hasFailed)
  }

  /** Calls all of them, side by side; false where one failed or took too long. */
  run(timeoutMs: number): boolean | Promise<boolean> {
    const results: (boolean | Promise<boolean>)[] = []
    for (const [collect, collector] of this.#all) results.push(this.#call(collect, collector, timeoutMs))
    if (results.every((result) => typeof result === 'boolean')) return results.every(Boolean)
    return Promise.all(results).then((all) => all.every(Boolean))
  }

  #call(collect: Collect, collector: Collector, atMostMs: number): boolean | Promise<boolean> {
    const timeoutMs = Math.min(collector.timeoutMs, atMostMs)
    if (collector.running !== undefined) {
      collector.hasFailed ||= performance.now() - collector.begun > collector.timeoutMs
    } else {
      let result: unknown
      const begun = (collector.begun = performance.now())
      try {
        result = collect(this.#metric)
      } catch (error) {
        collector.hasFailed = true
        return this.#fail(`left out of the scrape: collect threw ${show(error)}`)
      }
      const tookMs = performance.now() - begun
      if (tookMs > timeoutMs) this.#slow(tookMs, timeoutMs)
      collector.hasFailed = false
      if (!isThenable(result)) return this.#ended(result)
      collector.running = Promise.resolve(result)
        .then(
          (value) => this.#ended(value),
          (error: unknown) => this.#fail(`left out of the scrape: collect rejected with ${show(error)}`),
        )
        .then((ok) => {
          collector.running = undefined
          collector.hasFailed = !ok
          return ok
        })
    }
    return within(timeoutMs, collector.running, () =>
      this.#fail(`left out of the scrape: collect took longer than ${timeoutMs} ms`),
    )
  }

  #ended(value: unknown): true {
    const { store } = this.#metric
    if (typeof value !== 'number' || (store.count > 0 && store.get(0))) return true
    const { type, name } = this.#definition
    const call = type === 'gauge' ? 'gauge.set(…)' : 'counter.total(…)'
    reportOnce(
      `metric:${name}:collect_returned`,
      `${type} ${name}: collect returned a number, which is not taken, and set none: collect: (${type}) => ${call}`,
    )
    return true
  }

  #slow(tookMs: number, timeoutMs: number): void {
    refuse(
      this.#definition,
      'collect_slow',
      `collect held this thread up for ${Math.round(tookMs)} ms, and no timeout (${timeoutMs} ms) can interrupt it: let it return a promise of work done elsewhere, or a number kept ready`,
    )
  }

  #fail(why: string): false {
    refuse(this.#definition, 'collect_failed', why)
    return false
  }
}

function within(ms: number, running: Promise<boolean>, late: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(late()), ms)
    void running.then((ok) => {
      clearTimeout(timer)
      resolve(ok)
    })
  })
}
