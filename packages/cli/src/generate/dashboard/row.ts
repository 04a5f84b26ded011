import type { Metrics } from '../metric.js'
import type { PromQL } from '../promql.js'
import type { Panel } from './panel.js'

/** What rows are made from. */
export interface Subject {
  readonly metrics: Metrics
  readonly promql: PromQL
  /** The shares above which the generated alerts are raised. */
  readonly errorRatio: number
  readonly flowFailureRatio: number
}

/** A heading and the panels under it. Groups are laid out one after the other. */
export interface Row {
  readonly title: string
  readonly groups: readonly (readonly Panel[])[]
}

export const percentiles = [
  [0.5, 'p50'],
  [0.95, 'p95'],
  [0.99, 'p99'],
] as const
