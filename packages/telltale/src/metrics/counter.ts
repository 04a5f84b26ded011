import { Bound } from './bound.js'
import { withoutLabels } from './called.js'
import { clock } from './clock.js'
import { checkCollect, Collectors, type CollectOptions } from './collectors.js'
import { define, type Definition } from './definition.js'
import { Exemplars } from './exemplars.js'
import type { LabelArgs, Labels, NoLabels } from './labels.js'
import { Metric } from './metric.js'
import type { MetricOptions } from './options.js'
import { given, refuse } from './refusal.js'
import { register } from './registry.js'
import { storeFor } from './stores.js'

/** Counts things that happen. Not for what can also go down (open connections, queue lengths): that is a gauge. */
export interface Counter<L extends Labels = NoLabels> {
  /** Adds `n` (1) to the series of these labels. A negative or non-finite `n` and labels not defined are refused. Never throws. */
  inc(...args: [...LabelArgs<L>, n?: number]): void
  /** The series of these labels, bound once: `inc` on it costs a few nanoseconds. */
  with(...args: LabelArgs<L>): BoundCounter
  /** Takes the series of these labels out of the scrapes until it is used again, then from 0; true if it was there. */
  remove(...args: LabelArgs<L>): boolean
}

/** One series of a counter. */
export interface BoundCounter {
  inc(n?: number): void
}

/** What `collect` of a counter tells the totals to that something else keeps. */
export interface CounterTotals<L extends Labels = NoLabels> {
  /** The total so far of the series of these labels; one smaller than before means that its source began anew. */
  total(...args: [...LabelArgs<L>, total: number]): void
}

export interface CounterOptions<L extends Labels = NoLabels> extends MetricOptions<L> {
  /**
   * Called at each scrape to tell totals that something else counts. If it throws, rejects or takes longer than
   * `timeoutMs`, the counter is left out of that scrape.
   */
  readonly collect?: (totals: CounterTotals<L>) => void | Promise<void>
  /** How long a scrape waits for `collect`, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number
}

/**
 * Defines a counter, or returns the one already defined alike. Its name ends in `_total`. Series whose labels are all
 * enumerated stand at 0 from the start (up to 64 of them). Throws for an illegal or conflicting definition. `inc` costs
 * about 30 ns with three labels (`npm run bench -- metrics`).
 *
 * @example
 * const submissions = counter('assessment_submissions_total', {
 *   help: 'Assessment submissions by outcome.',
 *   labels: { skill_area: String, status: ['success', 'validation_error'] },
 * })
 * submissions.inc({ skill_area: 'math', status: 'success' })
 */
export function counter<const L extends Labels = NoLabels>(
  name: string,
  options: CounterOptions<L>,
): Counter<L> {
  const definition = define('counter', name, options)
  checkCollect(definition, options as CollectOptions)
  const metric = register(definition, () => new CounterMetric(definition))
  metric.collectors.add(options as CollectOptions)
  return metric as unknown as Counter<L>
}

class CounterSeries extends Bound implements BoundCounter {
  inc(n: number = 1): void {
    if (!isIncrement(n, this.values[this.at]!)) return this.incSlowly(n)
    if (this.seen[this.at] !== clock.second) this.touch(0, n)
    this.values[this.at]! += n
  }

  total(total: unknown): void {
    if (!isIncrement(total, 0)) {
      // A 0 would be a total that nobody told: NaN is not shown.
      if (this.values[this.at] === 0) this.values[this.at] = NaN
      return refuseIncrement(this.metric.definition, total)
    }
    if (this.seen[this.at] !== clock.second) this.touch(0, total)
    this.values[this.at] = total
  }

  // Not a #method, whose brand would take 8 bytes of each series.
  private incSlowly(n: unknown): void {
    if (!Number.isNaN(this.values[this.at]) || !isIncrement(n, 0))
      return refuseIncrement(this.metric.definition, n)
    this.values[this.at] = 0
    this.inc(n)
  }
}

class CounterMetric extends Metric<CounterSeries> {
  readonly collectors = new Collectors(this.definition, this)

  constructor(definition: Definition) {
    super(definition, storeFor(definition, 1), 0, new Exemplars())
  }

  inc(labels: unknown, n?: number): void {
    if (this.only !== undefined) return this.only.inc(withoutLabels(labels, n) as number | undefined)
    const series = this.series.find(labels)
    if (series !== undefined) series.inc(n)
    else this.first(labels, n === undefined ? 1 : n)?.inc(n)
  }

  total(labels: unknown, total?: number): void {
    if (this.only !== undefined) return this.only.total(withoutLabels(labels, total))
    const series = this.series.find(labels) ?? this.first(labels, total)
    series?.total(total)
  }

  get hasFailed(): boolean {
    return this.collectors.hasFailed
  }

  collect(timeoutMs: number): boolean | Promise<boolean> {
    return this.collectors.run(timeoutMs)
  }

  protected bind(slot?: number): CounterSeries {
    return new CounterSeries(this, slot)
  }

  protected takes(value: unknown): boolean {
    if (isIncrement(value, 0)) return true
    refuseIncrement(this.definition, value)
    return false
  }
}

function isIncrement(n: unknown, to: number): n is number {
  return typeof n === 'number' && n >= 0 && to + n < Infinity
}

function refuseIncrement(definition: Definition, n: unknown): void {
  refuse(definition, 'invalid_value', `takes a finite number of at least 0, got ${given(n)}`)
}
