import type { AttributeValue } from '../trace/span.js'

/** Seconds and nanoseconds since 1970. */
export type HrTime = [seconds: number, nanoseconds: number]

/** What is known of the process, or of who measures; the same object for all that shares it. */
export interface Resource {
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface Scope {
  readonly name: string
  readonly version?: string
}

interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly isRemote?: boolean
  readonly traceState?: { serialize(): string } | undefined
}

/** As much of OpenTelemetry's `ReadableSpan` as its serializers read. */
export interface Span {
  readonly resource: Resource
  readonly instrumentationScope: Scope
  readonly name: string
  readonly kind: number
  spanContext(): SpanContext
  readonly parentSpanContext: SpanContext | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly status: { readonly code: number; readonly message?: string | undefined }
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly events: readonly { readonly name: string; readonly time: HrTime; readonly attributes: object }[]
  readonly links: readonly never[]
  readonly droppedAttributesCount: number
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
}

/** As much of OpenTelemetry's `ReadableLogRecord` as its serializers read. */
export interface LogRecord {
  readonly resource: Resource
  readonly instrumentationScope: Scope
  readonly hrTime: HrTime
  readonly hrTimeObserved: HrTime
  readonly severityNumber: number
  readonly severityText: string
  readonly body: string
  readonly eventName: string | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly spanContext: Partial<SpanContext> | undefined
  readonly droppedAttributesCount: number
}

/** As much of OpenTelemetry's `ResourceMetrics` as its serializers read. */
export interface Metrics {
  readonly resource: Resource
  readonly scopeMetrics: readonly { readonly scope: Scope; readonly metrics: readonly MetricData[] }[]
}

export interface MetricData {
  readonly descriptor: {
    readonly name: string
    readonly description: string
    readonly unit: string
    readonly valueType: number
  }
  readonly dataPointType: number
  readonly aggregationTemporality: number
  readonly isMonotonic?: boolean
  readonly dataPoints: readonly DataPoint[]
}

export interface DataPoint {
  readonly attributes: Readonly<Record<string, string>>
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly value: number | ClassicHistogram | ExponentialHistogram
}

export interface ClassicHistogram {
  readonly count: number
  readonly sum: number
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] }
}

export interface ExponentialHistogram {
  readonly count: number
  readonly sum: number
  readonly scale: number
  readonly zeroCount: number
  readonly positive: ExponentialBuckets
  readonly negative: ExponentialBuckets
}

export interface ExponentialBuckets {
  readonly offset: number
  readonly bucketCounts: readonly number[]
}

/** Microseconds since 1970, with a fraction if need be. */
export function hrTime(microseconds: number): HrTime {
  const seconds = Math.floor(microseconds / 1e6)
  return [seconds, Math.round((microseconds - seconds * 1e6) * 1000)]
}
