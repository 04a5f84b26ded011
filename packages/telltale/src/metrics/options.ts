import type { Labels } from './labels.js'

/** What every type of metric takes. */
export interface MetricOptions<L extends Labels> {
  /** What is counted or measured, in a sentence; shown wherever the metric is. */
  readonly help: string
  /** Each label by name: `String`, `Number` or `Boolean` for free values, a list of strings for enumerated ones. */
  readonly labels?: L
  /** Label sets this metric may have; the rest go to one series of `_overflow`. Default: `metrics.maxSeries` of setup. */
  readonly maxSeries?: number
  /** A series that was not touched for so many milliseconds (1,000 at least) is taken out at the next scrape. Default: never. */
  readonly ttlMs?: number
}
