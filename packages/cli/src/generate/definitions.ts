import type { Metric, MetricType } from './metric.js'

/** A metric as the SDK's `metricDefinitions()` tells of it; more fields may be there. */
export interface Definition {
  readonly type: MetricType
  readonly name: string
  readonly help: string
  readonly labels: readonly { readonly name: string }[]
  readonly buckets?: readonly number[]
  readonly native?: unknown
}

export function fromDefinition({ type, name, help, labels, buckets, native }: Definition): Metric {
  const isNative = type === 'histogram' && native !== undefined && native !== false
  return {
    type,
    name,
    help,
    labels: labels.map((label) => label.name),
    isClassic: type === 'histogram' && (!isNative || (buckets !== undefined && buckets.length > 0)),
    isNative,
  }
}
