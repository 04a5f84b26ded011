import { define, type Definition } from './definition.js'
import type { HistogramFamily, HistogramSeries } from './family.js'
import type { LabelArgs, Labels, NoLabels } from './labels.js'
import { given, refuse } from './refusal.js'
import { register } from './registry.js'
import { SeriesSet } from './series-set.js'

/** How values are distributed: durations in seconds, sizes in bytes. */
export interface Histogram<L extends Labels = NoLabels> {
  /** Takes one value into the series of these labels. A non-finite value and labels not defined are refused. Never throws. */
  observe(...args: [...LabelArgs<L>, value: number]): void
  /** Runs `fn` and observes the seconds until it returns, throws or settles. What `fn` throws is thrown on. */
  time<R>(...args: [...LabelArgs<L>, fn: () => R]): Timed<R>
  /** The series of these labels, bound once: `observe` on it costs about 10 ns. */
  with(...args: LabelArgs<L>): BoundHistogram
}

/** One series of a histogram. */
export interface BoundHistogram {
  observe(value: number): void
  time<R>(fn: () => R): Timed<R>
}

/** A timed promise (or other thenable) comes back as a plain Promise of the same value. */
export type Timed<R> = R extends PromiseLike<infer Value> ? Promise<Value> : R

export interface HistogramOptions<L extends Labels = NoLabels> {
  /** What is measured, in a sentence; shown wherever the metric is. */
  readonly help: string
  /** Each label by name: `String`, `Number` or `Boolean` for free values, a list of strings for enumerated ones. */
  readonly labels?: L
  /** Rising upper bounds, in the unit the name ends in; +Inf is added. Default: 5 ms to 10 s. */
  readonly buckets?: readonly number[]
  /** Label sets this metric may have; the rest go to one series of `_overflow`. Default: `metrics.maxSeries` of setup. */
  readonly maxSeries?: number
}

/**
 * Defines a histogram, or returns the one already defined alike. Series whose labels are all enumerated stand at 0 from
 * the start (up to 64 of them). Throws for an illegal or conflicting definition. Each series is two lines more than it
 * has bounds, in every scrape.
 *
 * @example
 * const render = histogram('report_render_seconds', { help: 'Time to render a report.', labels: { kind: ['pdf', 'csv'] } })
 * await render.time({ kind: 'pdf' }, () => renderReport(id))
 */
export function histogram<const L extends Labels = NoLabels>(
  name: string,
  options: HistogramOptions<L>,
): Histogram<L> {
  const definition = define('histogram', name, options)
  return register(definition, () => new HistogramMetric(definition)) as unknown as Histogram<L>
}

class BoundSeries implements HistogramSeries, BoundHistogram {
  sum = 0
  readonly counts: Float64Array
  readonly text: string
  readonly #bounds: readonly number[]
  readonly #definition: Definition

  constructor(text: string, definition: HistogramFamily['definition']) {
    this.text = text
    this.#definition = definition
    this.#bounds = definition.buckets
    this.counts = new Float64Array(definition.buckets.length + 1)
  }

  observe(value: number): void {
    const sum = typeof value === 'number' ? this.sum + value : NaN
    if (sum - sum !== 0) {
      return refuse(this.#definition, 'invalid_value', `takes a finite number, got ${given(value)}`)
    }
    this.sum = sum
    const bounds = this.#bounds
    let low = 0
    // Halving pays only above a few cache lines; below, the straight search is faster.
    for (let high = bounds.length; high - low > 16;) {
      const middle = (low + high) >>> 1
      if (value > (bounds[middle] as number)) low = middle + 1
      else high = middle
    }
    while (low < bounds.length && value > (bounds[low] as number)) low++
    this.counts[low]!++
  }

  time<R>(fn: () => R): Timed<R> {
    const start = performance.now()
    const done = (): void => this.observe(Math.max(0, performance.now() - start) / 1000)
    let result: R
    try {
      result = fn()
    } catch (error) {
      done()
      throw error
    }
    if (!isThenable(result)) {
      done()
      return result as Timed<R>
    }
    // The derived promise is returned: a rejection nobody handles stays unhandled, and a lazy thenable (a query
    // builder) is started once.
    return Promise.resolve(result).finally(done) as Timed<R>
  }
}

class HistogramMetric implements HistogramFamily {
  readonly definition: HistogramFamily['definition']
  readonly #set: SeriesSet<BoundSeries>
  readonly #only: BoundSeries | undefined

  constructor(definition: Definition) {
    this.definition = definition as HistogramFamily['definition']
    this.#set = new SeriesSet(definition, true, (text) => new BoundSeries(text, this.definition))
    this.#only = definition.labels.length === 0 ? this.#set.all[0] : undefined
  }

  observe(labels: unknown, value: number): void {
    if (this.#only !== undefined) this.#only.observe(labels as number)
    else this.#set.find(labels)?.observe(value)
  }

  time<R>(labels: unknown, fn: () => R): Timed<R> {
    return this.#only !== undefined ? this.#only.time(labels as () => R) : this.with(labels).time(fn)
  }

  with(labels: unknown): BoundHistogram {
    return this.#only ?? this.#set.find(labels) ?? new BoundSeries('', this.definition)
  }

  series(): readonly HistogramSeries[] {
    return this.#set.all
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}
