import { Bound } from './bound.js'
import { checkFunction, withoutLabels } from './called.js'
import { Metric } from './metric.js'
import { isFiniteNumber, refuseValue } from './refusal.js'
import { type Settled, startTimer, timed } from './timed.js'

/** A series that takes values one by one. */
export abstract class ObservingSeries extends Bound {
  abstract observe(value: number): void

  time<R>(fn: () => R): Settled<R> {
    checkFunction(fn, 'time', this.metric.definition, true)
    return timed(fn, (seconds) => this.observe(seconds))
  }

  startTimer(): () => number {
    return startTimer((seconds) => this.observe(seconds))
  }
}

/** A timer's labels: those of its end over those of its start. Never throws. */
function together(first: unknown, last: unknown): unknown {
  if (typeof first !== 'object' || first === null) return last
  try {
    return typeof last === 'object' ? { ...first, ...last } : (last ?? first)
  } catch {
    return last
  }
}

/** A metric of such series. */
export abstract class ObservingMetric<B extends ObservingSeries> extends Metric<B> {
  observe(labels: unknown, value: number): void {
    if (this.only !== undefined) return this.only.observe(withoutLabels(labels, value) as number)
    const series = this.series.find(labels)
    if (series !== undefined) series.observe(value)
    else this.first(labels, value)?.observe(value)
  }

  time<R>(labels: unknown, fn: () => R): Settled<R> {
    const run = (this.only === undefined ? fn : withoutLabels(labels, fn)) as () => R
    checkFunction(run, 'time', this.definition)
    return (this.only ?? this.with(labels)).time(run)
  }

  startTimer(first?: unknown): (labels?: unknown) => number {
    let labels: unknown
    const end = startTimer((seconds) =>
      this.only === undefined ? this.observe(labels, seconds) : this.only.observe(seconds),
    )
    return (last) => {
      labels = together(first, last)
      return end()
    }
  }

  protected takes(value: unknown): boolean {
    if (isFiniteNumber(value)) return true
    refuseValue(this.definition, value)
    return false
  }
}
