export { counter, type BoundCounter, type Counter, type CounterOptions } from './counter.js'
export { gauge, type BoundGauge, type Gauge, type GaugeOptions } from './gauge.js'
export {
  histogram,
  type BoundHistogram,
  type Histogram,
  type HistogramOptions,
  type Timed,
} from './histogram.js'
export type { LabelArgs, LabelKind, Labels, LabelValues, NoLabels } from './labels.js'
export { configureMetrics, contentType, renderMetrics } from './registry.js'
export { startProcessMetrics } from './process.js'
