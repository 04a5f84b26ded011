export type { AdminOptions } from './admin/options.js'
export { bindContext, unbindContext, withContext } from './context/context.js'
export { addErrorExit, type ErrorExit, type ErrorReport, type ReportedError } from './errors/exits.js'
export type { SourceLines, StackFrame } from './errors/frame.js'
export { flow, type DeclaredFlow, type FlowOptions } from './flow/flow.js'
export type { Carrier } from './flow/carrier.js'
export type { Flow } from './flow/handle.js'
export type { StepOptions } from './flow/step.js'
export { health } from './health/checks.js'
export type { CheckFunction, CheckOptions } from './health/options.js'
export { setRoute } from './http/route.js'
export type { RequestOptions, Trust } from './http/settings.js'
export { onDrain, onShutdown, type Draining } from './lifecycle/hooks.js'
export type { LifecycleOptions } from './lifecycle/settings.js'
export type { Level } from './log/levels.js'
export { getLogger, type Logger } from './log/logger.js'
export type { FloodOptions, SampleRates } from './log/gate.js'
export type { LevelSwitchOptions } from './log/level-switch.js'
export type { Entry, Processor } from './log/processors.js'
export type { RecorderOptions } from './log/recorder/ring.js'
export type { FileOption, Format, OwnSink, SinkOption, StreamOption } from './log/sinks/options.js'
export type { Sink } from './log/sinks/sink.js'
export { onEvent, type LogEvent } from './log/subscribe.js'
export type { EventCatalogue, TypedLogger } from './log/typed.js'
export type { OtlpOptions } from './otlp/options.js'
export {
  counter,
  gauge,
  histogram,
  metricDefinitions,
  renderMetrics,
  summary,
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  type BoundSummary,
  type Counter,
  type CounterOptions,
  type CounterTotals,
  type Exposition,
  type Gauge,
  type GaugeOptions,
  type Histogram,
  type HistogramOptions,
  type MetricDefinition,
  type NativeOptions,
  type ScrapeOptions,
  type Summary,
  type SummaryOptions,
} from './metrics/index.js'
export type { RedactOptions } from './redact/policy.js'
export { redact } from './redact/redact.js'
export { secret, type Secret } from './redact/secret.js'
export type { ErrorOptions, LimitOptions, LogOptions, SetupOptions } from './setup/options.js'
export type { SentryOptions } from './sentry/options.js'
export { setup, type Telltale } from './setup/setup.js'
