import { define, type Definition } from './definition.js'
import type { NumberFamily, NumberSeries } from './family.js'
import type { LabelArgs, Labels, NoLabels } from './labels.js'
import { given, refuse } from './refusal.js'
import { register } from './registry.js'
import { SeriesSet } from './series-set.js'

/** Counts things that happen. Not for what can also go down (open connections, queue lengths): that is a gauge. */
export interface Counter<L extends Labels = NoLabels> {
  /** Adds `n` (1) to the series of these labels. A negative or non-finite `n` and labels not defined are refused. Never throws. */
  inc(...args: [...LabelArgs<L>, n?: number]): void
  /** The series of these labels, bound once: `inc` on it costs a few nanoseconds. */
  with(...args: LabelArgs<L>): BoundCounter
}

/** One series of a counter. */
export interface BoundCounter {
  inc(n?: number): void
}

export interface CounterOptions<L extends Labels = NoLabels> {
  /** What is counted, in a sentence; shown wherever the metric is. */
  readonly help: string
  /** Each label by name: `String`, `Number` or `Boolean` for free values, a list of strings for enumerated ones. */
  readonly labels?: L
  /** Label sets this metric may have; the rest go to one series of `_overflow`. Default: `metrics.maxSeries` of setup. */
  readonly maxSeries?: number
}

/**
 * Defines a counter, or returns the one already defined alike. Its name ends in `_total`. Series whose labels are all
 * enumerated stand at 0 from the start (up to 64 of them). Throws for an illegal or conflicting definition. `inc` costs
 * about 40 ns with three labels.
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
  return register(definition, () => new CounterMetric(definition)) as unknown as Counter<L>
}

class CounterSeries implements NumberSeries, BoundCounter {
  value = 0
  readonly text: string
  readonly #definition: Definition

  constructor(text: string, definition: Definition) {
    this.text = text
    this.#definition = definition
  }

  inc(n: number = 1): void {
    if (typeof n === 'number' && n >= 0 && this.value + n < Infinity) this.value += n
    else refuse(this.#definition, 'invalid_value', `takes a finite number of at least 0, got ${given(n)}`)
  }
}

class CounterMetric implements NumberFamily {
  readonly definition: NumberFamily['definition']
  readonly #set: SeriesSet<CounterSeries>
  readonly #only: CounterSeries | undefined

  constructor(definition: Definition) {
    this.definition = definition as NumberFamily['definition']
    this.#set = new SeriesSet(definition, true, (text) => new CounterSeries(text, definition))
    this.#only = definition.labels.length === 0 ? this.#set.all[0] : undefined
  }

  inc(labels: unknown, n?: number): void {
    if (this.#only !== undefined) this.#only.inc(labels as number | undefined)
    else this.#set.find(labels)?.inc(n)
  }

  with(labels: unknown): BoundCounter {
    return this.#only ?? this.#set.find(labels) ?? new CounterSeries('', this.definition)
  }

  series(): readonly NumberSeries[] {
    return this.#set.all
  }
}
