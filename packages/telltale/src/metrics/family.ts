import type { Definition } from './definition.js'

/** One counted or measured number. `text` is the rendered label pairs, `a="x",b="y"`; a gauge's NaN is "not set yet". */
export interface NumberSeries {
  readonly text: string
  readonly value: number
}

/** `counts` are per bucket, not cumulative; the last one is above every bound. */
export interface HistogramSeries {
  readonly text: string
  readonly counts: Float64Array
  readonly sum: number
}

/** All an exposition format knows about a metric. */
export type Family = NumberFamily | HistogramFamily

export interface NumberFamily {
  readonly definition: Definition & { readonly type: 'counter' | 'gauge' }
  /** Brings the values up to date before they are read; false leaves the metric out of this scrape. */
  collect?(): boolean
  series(): readonly NumberSeries[]
}

export interface HistogramFamily {
  readonly definition: Definition & { readonly type: 'histogram'; readonly buckets: readonly number[] }
  collect?(): boolean
  series(): readonly HistogramSeries[]
}
