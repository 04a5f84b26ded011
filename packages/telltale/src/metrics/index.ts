export {
  counter,
  type BoundCounter,
  type Counter,
  type CounterOptions,
  type CounterTotals,
} from './counter.js'
export type { Definition as MetricDefinition, Merge } from './definition.js'
export type { Exposition } from './expose/exposition.js'
export type { ScrapeOptions } from './expose/scrape-options.js'
export { renderMetrics } from './render.js'
export { gauge, type BoundGauge, type Gauge, type GaugeOptions } from './gauge.js'
export { histogram, type BoundHistogram, type Histogram, type HistogramOptions } from './histogram.js'
export type { LabelArgs, LabelKind, Labels, LabelValues, NoLabels } from './labels.js'
export type { NativeOptions } from './native-options.js'
export { configureMetrics, metricDefinitions } from './registry.js'
export { startProcessMetrics } from './process.js'
export { summary, type BoundSummary, type Summary, type SummaryOptions } from './summary.js'
export type { Settled } from './timed.js'
