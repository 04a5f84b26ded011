/** What `getMetricsAsJSON()` of prom-client and its descendants gives, as far as it is read. */
export interface PromClientMetric {
  readonly name: string
  readonly help?: string
  readonly type?: unknown
  readonly aggregator?: unknown
  readonly values: readonly PromClientValue[]
}

export interface PromClientValue {
  readonly value: number
  readonly labels?: Readonly<Record<string, unknown>>
  /** `x_bucket`, `x_sum`, `x_count`; a plain value has none. */
  readonly metricName?: string
  readonly exemplar?: {
    readonly labelSet?: Readonly<Record<string, unknown>>
    readonly value: number
    readonly timestamp?: number
  } | null
}
