import { Bound } from './bound.js'
import { Metric } from './metric.js'
import { isFiniteNumber, refuseValue } from './refusal.js'
import { type Settled, startTimer, timed } from './timed.js'

/** A series that takes values one by one. */
export abstract class ObservingSeries extends Bound {
  abstract observe(value: number): void

  time<R>(fn: () => R): Settled<R> {
    return timed(fn, (seconds) => this.observe(seconds))
  }

  startTimer(): () => number {
    return startTimer((seconds) => this.observe(seconds))
  }
}

/** A metric of such series. */
export abstract class ObservingMetric<B extends ObservingSeries> extends Metric<B> {
  observe(labels: unknown, value: number): void {
    if (this.only !== undefined) return this.only.observe(labels as number)
    const series = this.series.find(labels)
    if (series !== undefined) series.observe(value)
    else this.first(labels, value)?.observe(value)
  }

  time<R>(labels: unknown, fn: () => R): Settled<R> {
    return this.only === undefined ? this.with(labels).time(fn) : this.only.time(labels as () => R)
  }

  startTimer(): (labels?: unknown) => number {
    let labels: unknown
    const end = startTimer((seconds) =>
      this.only === undefined ? this.observe(labels, seconds) : this.only.observe(seconds),
    )
    return (given) => {
      labels = given
      return end()
    }
  }

  protected takes(value: unknown): boolean {
    if (isFiniteNumber(value)) return true
    refuseValue(this.definition, value)
    return false
  }
}
