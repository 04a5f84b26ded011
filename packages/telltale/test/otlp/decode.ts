import { createRequire } from 'node:module'

interface Type {
  decode(body: Uint8Array): object
  encode(message: object): { finish(): Uint8Array }
  toObject(message: object, options: object): unknown
}

// The decoders that OpenTelemetry generated from the protocol's own definitions.
const { opentelemetry } = createRequire(import.meta.url)('otlp-definitions/build/src/generated/root.js') as {
  opentelemetry: { proto: { collector: Record<'trace' | 'logs' | 'metrics', { v1: Record<string, Type> }> } }
}
const { collector } = opentelemetry.proto

const types = {
  traces: [
    collector.trace.v1['ExportTraceServiceRequest']!,
    collector.trace.v1['ExportTraceServiceResponse']!,
  ],
  logs: [collector.logs.v1['ExportLogsServiceRequest']!, collector.logs.v1['ExportLogsServiceResponse']!],
  metrics: [
    collector.metrics.v1['ExportMetricsServiceRequest']!,
    collector.metrics.v1['ExportMetricsServiceResponse']!,
  ],
} as const satisfies Record<string, readonly [Type, Type]>

export type OtlpSignal = keyof typeof types

/** A request as plain data: 64-bit numbers as text, bytes as hex. */
export function decode(signal: OtlpSignal, body: Uint8Array): Json {
  const [request] = types[signal]
  return hex(request.toObject(request.decode(body), { longs: String, enums: Number })) as Json
}

/** An answer, as a collector writes it. */
export function encodeAnswer(signal: OtlpSignal, answer: object): Uint8Array {
  return types[signal][1].encode(answer).finish()
}

// Decoded data is looked into, not typed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any

function hex(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(hex)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hex(each)]))
}

interface KeyValue {
  readonly key: string
  readonly value?: Record<string, unknown>
}

/** Attributes as an object. */
export function attributesOf(pairs: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]))
}

function valueOf(value: Record<string, unknown> = {}): unknown {
  const [[kind, one] = []] = Object.entries(value)
  if (kind === 'arrayValue') return (one as { values?: Record<string, unknown>[] }).values?.map(valueOf) ?? []
  if (kind === 'kvlistValue') return attributesOf((one as { values?: KeyValue[] }).values)
  return kind === 'intValue' ? Number(one) : one
}
