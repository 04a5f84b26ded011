import { clock } from './clock.js'
import { define, type Definition } from './definition.js'
import type { FirstLabelArgs, LabelArgs, Labels, LastLabelArgs, NoLabels } from './labels.js'
import type { MetricOptions } from './options.js'
import { ObservingMetric, ObservingSeries } from './observing.js'
import { isFiniteNumber, refuseValue } from './refusal.js'
import { register } from './registry.js'
import { storeFor } from './stores.js'
import type { Settled } from './timed.js'

/**
 * How many values there were and what they add up to: a rate and an average for two lines a series. Not for quantiles:
 * those of several processes can't be put together, so use a histogram.
 */
export interface Summary<L extends Labels = NoLabels> {
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
  /** The series of these labels, bound once. */
  with(...args: LabelArgs<L>): BoundSummary
  /** Takes the series of these labels out of the scrapes until it is used again, then from 0; true if it was there. */
  remove(...args: LabelArgs<L>): boolean
}

/** One series of a summary. */
export interface BoundSummary {
  observe(value: number): void
  time<R>(fn: () => R): Settled<R>
  startTimer(): () => number
}

export interface SummaryOptions<L extends Labels = NoLabels> extends MetricOptions<L> {}

/**
 * Defines a summary, or returns the one already defined alike: `_sum` and `_count`, without quantiles. Throws for an
 * illegal or conflicting definition.
 *
 * @example
 * const payload = summary('export_payload_bytes', { help: 'Size of an export.' })
 * payload.observe(body.length)
 */
export function summary<const L extends Labels = NoLabels>(
  name: string,
  options: SummaryOptions<L>,
): Summary<L> {
  const definition = define('summary', name, options)
  return register(definition, () => new SummaryMetric(definition)) as unknown as Summary<L>
}

class SummarySeries extends ObservingSeries implements BoundSummary {
  observe(value: number): void {
    if (!isFiniteNumber(value) || !isFiniteNumber(this.values[this.at + 1]! + value)) {
      return refuseValue(this.metric.definition, value)
    }
    if (this.seen[this.at] !== clock.second) this.touch(0, value)
    this.values[this.at]! += 1
    this.values[this.at + 1]! += value
  }
}

class SummaryMetric extends ObservingMetric<SummarySeries> {
  constructor(definition: Definition) {
    super(definition, storeFor(definition, 2), 0)
  }

  protected bind(slot?: number): SummarySeries {
    return new SummarySeries(this, slot)
  }
}
