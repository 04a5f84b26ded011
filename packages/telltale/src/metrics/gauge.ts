import { types } from 'node:util'
import { show } from '../self/show.js'
import { define, type Definition } from './definition.js'
import type { NumberFamily, NumberSeries } from './family.js'
import type { LabelArgs, Labels, NoLabels } from './labels.js'
import { given, refuse } from './refusal.js'
import { register } from './registry.js'
import { SeriesSet } from './series-set.js'

/** A number that goes up and down: open connections, a queue's length. Not for what only ever grows: that is a counter. */
export interface Gauge<L extends Labels = NoLabels> {
  /** Sets the series of these labels. A non-finite value and labels not defined are refused. Never throws. */
  set(...args: [...LabelArgs<L>, value: number]): void
  /** Adds `n` (1), from 0 where the gauge has not been set. Never throws. */
  inc(...args: [...LabelArgs<L>, n?: number]): void
  /** Subtracts `n` (1). Never throws. */
  dec(...args: [...LabelArgs<L>, n?: number]): void
  /** The series of these labels, bound once: each call on it costs a few nanoseconds. */
  with(...args: LabelArgs<L>): BoundGauge
}

/** One series of a gauge. */
export interface BoundGauge {
  set(value: number): void
  inc(n?: number): void
  dec(n?: number): void
}

export interface GaugeOptions<L extends Labels = NoLabels> {
  /** What is measured, in a sentence; shown wherever the metric is. */
  readonly help: string
  /** Each label by name: `String`, `Number` or `Boolean` for free values, a list of strings for enumerated ones. */
  readonly labels?: L
  /** Label sets this metric may have; the rest go to one series of `_overflow`. Default: `metrics.maxSeries` of setup. */
  readonly maxSeries?: number
  /** Called at each scrape to set the gauge; synchronous. If it throws, the gauge is left out of that scrape. */
  readonly collect?: (gauge: Gauge<L>) => void
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
  const { collect } = options
  if (collect !== undefined && typeof collect !== 'function') {
    throw new Error(
      `gauge("${name}"): collect must be a function that sets the gauge, got ${given(collect)}.`,
    )
  }
  const family = register(definition, () => new GaugeMetric(definition))
  if (collect !== undefined) family.collectWith(collect as (gauge: unknown) => unknown)
  return family as unknown as Gauge<L>
}

// More than this is a leak (the same gauge defined once per request, say), not a design.
const maxCollectors = 64

class GaugeSeries implements NumberSeries, BoundGauge {
  value = NaN
  readonly text: string
  readonly #definition: Definition

  constructor(text: string, definition: Definition) {
    this.text = text
    this.#definition = definition
  }

  set(value: number): void {
    if (typeof value === 'number' && value - value === 0) this.value = value
    else refuse(this.#definition, 'invalid_value', `takes a finite number, got ${given(value)}`)
  }

  inc(n: number = 1): void {
    this.set(typeof n === 'number' ? (Number.isNaN(this.value) ? 0 : this.value) + n : n)
  }

  dec(n: number = 1): void {
    this.inc(typeof n === 'number' ? -n : n)
  }
}

class GaugeMetric implements NumberFamily {
  readonly definition: NumberFamily['definition']
  readonly #set: SeriesSet<GaugeSeries>
  readonly #only: GaugeSeries | undefined
  readonly #collectors = new Set<(gauge: unknown) => unknown>()

  constructor(definition: Definition) {
    this.definition = definition as NumberFamily['definition']
    this.#set = new SeriesSet(definition, false, (text) => new GaugeSeries(text, definition))
    this.#only = definition.labels.length === 0 ? this.#set.all[0] : undefined
  }

  set(labels: unknown, value: number): void {
    if (this.#only !== undefined) this.#only.set(labels as number)
    else this.#set.find(labels)?.set(value)
  }

  inc(labels: unknown, n?: number): void {
    if (this.#only !== undefined) this.#only.inc(labels as number | undefined)
    else this.#set.find(labels)?.inc(n)
  }

  dec(labels: unknown, n?: number): void {
    if (this.#only !== undefined) this.#only.dec(labels as number | undefined)
    else this.#set.find(labels)?.dec(n)
  }

  with(labels: unknown): BoundGauge {
    return this.#only ?? this.#set.find(labels) ?? new GaugeSeries('', this.definition)
  }

  collectWith(collect: (gauge: unknown) => unknown): void {
    if (this.#collectors.size >= maxCollectors && !this.#collectors.has(collect)) {
      refuse(
        this.definition,
        'collect_failed',
        `has ${maxCollectors} collect functions; a further one is not called`,
      )
    } else this.#collectors.add(collect)
  }

  collect(): boolean {
    let ok = true
    for (const collect of this.#collectors) {
      try {
        const result = collect(this)
        if (types.isPromise(result)) {
          result.catch(() => undefined)
          throw new Error('collect must be synchronous: the scrape does not wait for a promise')
        }
      } catch (error) {
        ok = false
        refuse(this.definition, 'collect_failed', `left out of the scrape: collect threw ${show(error)}`)
      }
    }
    return ok
  }

  series(): readonly NumberSeries[] {
    return this.#set.all
  }
}
