import { Bound } from './bound.js'
import { checkFunction, withoutLabels } from './called.js'
import { clock } from './clock.js'
import { checkCollect, Collectors, type CollectOptions } from './collectors.js'
import { define, type Definition, type Merge } from './definition.js'
import type { LabelArgs, Labels, NoLabels } from './labels.js'
import { Metric } from './metric.js'
import type { MetricOptions } from './options.js'
import { isFiniteNumber, refuseValue } from './refusal.js'
import { register } from './registry.js'
import { storeFor } from './stores.js'
import { type Settled, whenSettled } from './timed.js'

/** A number that goes up and down: open connections, a queue's length. Not for what only ever grows: that is a counter. */
export interface Gauge<L extends Labels = NoLabels> {
  /** Sets the series of these labels. A non-finite value and labels not defined are refused. Never throws. */
  set(...args: [...LabelArgs<L>, value: number]): void
  /** Adds `n` (1), from 0 where the gauge has not been set. Never throws. */
  inc(...args: [...LabelArgs<L>, n?: number]): void
  /** Subtracts `n` (1). Never throws. */
  dec(...args: [...LabelArgs<L>, n?: number]): void
  /** Runs `fn` and is one higher until it returns, throws or settles. Returns and throws what `fn` does; a TypeError without one. */
  track<R>(...args: [...LabelArgs<L>, fn: () => R]): Settled<R>
  /** The series of these labels, bound once: each call on it costs a few nanoseconds. */
  with(...args: LabelArgs<L>): BoundGauge
  /** Takes the series of these labels out of the scrapes until it is set again; true if it was there. */
  remove(...args: LabelArgs<L>): boolean
}

/** One series of a gauge. */
export interface BoundGauge {
  set(value: number): void
  inc(n?: number): void
  dec(n?: number): void
  track<R>(fn: () => R): Settled<R>
}

export interface GaugeOptions<L extends Labels = NoLabels> extends MetricOptions<L> {
  /** What one value is made of where several threads or processes have this gauge. Default `sum`. */
  readonly merge?: Merge
  /**
   * Called at each scrape to set the gauge. If it throws, rejects or takes longer than `timeoutMs`, the gauge is left
   * out of that scrape.
   */
  readonly collect?: (gauge: Gauge<L>) => void | Promise<void>
  /** How long a scrape waits for `collect`, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number
}

/**
 * Defines a gauge, or returns the one already defined alike (a new `collect` is then called beside the earlier ones).
 * A series exists once it has been set: before, a 0 would be a reading nobody took. Throws for an illegal or
 * conflicting definition.
 *
 * @example
 * gauge('worker_queue_jobs', { help: 'Jobs waiting.', collect: (g) => g.set(queue.length) })
 */
export function gauge<const L extends Labels = NoLabels>(name: string, options: GaugeOptions<L>): Gauge<L> {
  const definition = define('gauge', name, options)
  checkCollect(definition, options as CollectOptions)
  const metric = register(definition, () => new GaugeMetric(definition))
  metric.collectors.add(options as CollectOptions)
  return metric as unknown as Gauge<L>
}

class GaugeSeries extends Bound implements BoundGauge {
  #tracked = 0
  #removals = 0

  override get isBusy(): boolean {
    return this.#tracked > 0
  }

  override detach(isMoved: boolean): void {
    if (!isMoved) this.#removals++
    super.detach(isMoved)
  }

  set(value: number): void {
    if (!isFiniteNumber(value)) return refuseValue(this.metric.definition, value)
    if (this.seen[this.at] !== clock.second) this.touch(0, value)
    this.values[this.at] = value
  }

  inc(n: number = 1): void {
    // First, since a series that was taken out is found again by it.
    if (isFiniteNumber(n) && this.seen[this.at] !== clock.second) this.touch(0, n)
    const value = this.values[this.at]!
    this.set(typeof n === 'number' ? (Number.isNaN(value) ? 0 : value) + n : n)
  }

  dec(n: number = 1): void {
    this.inc(typeof n === 'number' ? -n : n)
  }

  track<R>(fn: () => R): Settled<R> {
    checkFunction(fn, 'track', this.metric.definition, true)
    this.inc()
    this.#tracked++
    const removals = this.#removals
    return whenSettled(fn, () => {
      this.#tracked--
      // A series that was taken out meanwhile took its one along.
      if (removals === this.#removals) this.dec()
    })
  }
}

class GaugeMetric extends Metric<GaugeSeries> {
  readonly collectors = new Collectors(this.definition, this)

  constructor(definition: Definition) {
    super(definition, storeFor(definition, 1), NaN)
  }

  set(labels: unknown, value: number): void {
    if (this.only !== undefined) return this.only.set(withoutLabels(labels, value) as number)
    const series = this.series.find(labels) ?? this.first(labels, value)
    series?.set(value)
  }

  inc(labels: unknown, n?: number): void {
    if (this.only !== undefined) return this.only.inc(withoutLabels(labels, n) as number | undefined)
    const series = this.series.find(labels) ?? this.first(labels, n === undefined ? 1 : n)
    series?.inc(n)
  }

  dec(labels: unknown, n?: number): void {
    if (this.only !== undefined) return this.only.dec(withoutLabels(labels, n) as number | undefined)
    const series = this.series.find(labels) ?? this.first(labels, n === undefined ? 1 : n)
    series?.dec(n)
  }

  track<R>(labels: unknown, fn: () => R): Settled<R> {
    const run = (this.only === undefined ? fn : withoutLabels(labels, fn)) as () => R
    checkFunction(run, 'track', this.definition)
    return (this.only ?? this.with(labels)).track(run)
  }

  get hasFailed(): boolean {
    return this.collectors.hasFailed
  }

  collect(timeoutMs: number): boolean | Promise<boolean> {
    return this.collectors.run(timeoutMs)
  }

  protected bind(slot?: number): GaugeSeries {
    return new GaugeSeries(this, slot)
  }

  protected takes(value: unknown): boolean {
    if (isFiniteNumber(value)) return true
    refuseValue(this.definition, value)
    return false
  }
}
