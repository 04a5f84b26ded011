import { Bound } from './bound.js'
import { Metric } from './metric.js'
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
    if (this.only === undefined) this.series.find(labels)?.observe(value)
    else this.only.observe(labels as number)
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
}
