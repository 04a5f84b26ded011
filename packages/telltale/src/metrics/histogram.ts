import { clock } from './clock.js'
import { define, type Definition } from './definition.js'
import { Exemplars } from './exemplars.js'
import type { FirstLabelArgs, LabelArgs, Labels, LastLabelArgs, NoLabels } from './labels.js'
import { nativeWidth, observeNative } from './native.js'
import type { Native, NativeOptions } from './native-options.js'
import type { MetricOptions } from './options.js'
import { ObservingMetric, ObservingSeries } from './observing.js'
import { isFiniteNumber, refuseValue } from './refusal.js'
import { register } from './registry.js'
import { storeFor } from './stores.js'
import type { Settled } from './timed.js'

/** How values are distributed: durations in seconds, sizes in bytes. */
export interface Histogram<L extends Labels = NoLabels> {
  /** Takes one value into the series of these labels. A non-finite value and labels not defined are refused. Never throws. */
  observe(...args: [...LabelArgs<L>, value: number]): void
  /** Runs `fn` and observes the seconds until it returns, throws or settles. What `fn` throws is thrown on; without one, a TypeError is. */
  time<R>(...args: [...LabelArgs<L>, fn: () => R]): Settled<R>
  /**
   * Starts a timer; the function it gives observes the seconds since, into the series of the labels, and returns them.
   * Labels may be given at the start, at the end, or some here and some there; those of the end win.
   */
  startTimer<Name extends keyof L = never>(
    ...labels: FirstLabelArgs<L, Name>
  ): (...labels: LastLabelArgs<L, Name>) => number
  /** The series of these labels, bound once: `observe` on it costs about 10 ns. */
  with(...args: LabelArgs<L>): BoundHistogram
  /** Takes the series of these labels out of the scrapes until it is used again, then from 0; true if it was there. */
  remove(...args: LabelArgs<L>): boolean
}

/** One series of a histogram. */
export interface BoundHistogram {
  observe(value: number): void
  time<R>(fn: () => R): Settled<R>
  startTimer(): () => number
}

export interface HistogramOptions<L extends Labels = NoLabels> extends MetricOptions<L> {
  /** Rising upper bounds, in the unit the name ends in; +Inf is added. Default: 5 ms to 10 s, and none where `native` is given. */
  readonly buckets?: readonly number[]
  /** Exponential buckets besides or instead, which Prometheus scrapes with protobuf only; see docs/metrics.md. */
  readonly native?: true | NativeOptions
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

class HistogramSeries extends ObservingSeries implements BoundHistogram {
  declare protected readonly metric: HistogramMetric

  observe(value: number): void {
    const { bounds, native } = this.metric
    const sum = bounds.length + 1
    if (!isFiniteNumber(value) || !isFiniteNumber(this.values[this.at + sum]! + value)) {
      return refuseValue(this.metric.definition, value)
    }
    const bucket = bucketOf(bounds, value)
    if (this.seen[this.at + bucket] !== clock.second) this.touch(bucket, value)
    // Read again: a series that was taken out stands elsewhere now.
    const { values, at } = this
    // First, since it may empty all of the series.
    if (native !== undefined) observeNative(values, at + sum + 1, native, value, at)
    values[at + bucket]! += 1
    values[at + sum]! += value
  }
}

class HistogramMetric extends ObservingMetric<HistogramSeries> {
  readonly bounds: readonly number[]
  readonly native: Native | undefined

  constructor(definition: Definition) {
    const { buckets = [], native } = definition
    const width = buckets.length + 2 + (native === undefined ? 0 : nativeWidth(native))
    super(definition, storeFor(definition, width), 0, new Exemplars())
    this.bounds = buckets
    this.native = native
  }

  protected bind(slot?: number): HistogramSeries {
    return new HistogramSeries(this, slot)
  }
}

/** The index of the first bound that is not below the value. */
function bucketOf(bounds: readonly number[], value: number): number {
  let low = 0
  // Halving pays only above a few cache lines; below, the straight search is faster.
  for (let high = bounds.length; high - low > 16;) {
    const middle = (low + high) >>> 1
    if (value > bounds[middle]!) low = middle + 1
    else high = middle
  }
  while (low < bounds.length && value > bounds[low]!) low++
  return low
}
