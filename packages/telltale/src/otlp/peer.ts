import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import type { LogRecord, Metrics, Span } from './records.js'
import type { Protocol } from './options.js'
import type { OtlpSignal } from './settings.js'
import { withDoubles } from './wide-integers.js'

/** What is used of `@opentelemetry/otlp-transformer`. */
export interface Serializer<Records> {
  serializeRequest(records: Records): Uint8Array | undefined
  deserializeResponse(body: Uint8Array): { readonly partialSuccess?: PartialSuccess | null }
}

export interface PartialSuccess {
  readonly rejectedSpans?: number | string
  readonly rejectedLogRecords?: number | string
  readonly rejectedDataPoints?: number | string
  readonly errorMessage?: string
}

export interface Serializers {
  readonly traces: Serializer<readonly Span[]>
  readonly logs: Serializer<readonly LogRecord[]>
  readonly metrics: Serializer<Metrics>
}

const names = { traces: 'TraceSerializer', logs: 'LogsSerializer', metrics: 'MetricsSerializer' } as const

export type Peer = (protocol: Protocol) => Serializers

/** OpenTelemetry's serializers; undefined where they are not installed, which is said with what to do. */
export async function loadPeer(): Promise<Peer | undefined> {
  let loaded: Record<string, unknown>
  try {
    loaded = await import('@opentelemetry/otlp-transformer')
  } catch (problem) {
    const isMissing = (problem as { code?: unknown } | null)?.code?.toString().endsWith('MODULE_NOT_FOUND')
    const why = isMissing === true ? 'it is not installed' : show(problem)
    reportOnce(
      'otlp-peer',
      `nothing is sent over OTLP: it takes @opentelemetry/otlp-transformer, and ${why}. Run: npm install @opentelemetry/otlp-transformer @opentelemetry/api`,
    )
    return undefined
  }
  // A CommonJS module's names stand in its default where they can't be told from its text.
  const found = { ...(loaded['default'] as object | undefined), ...loaded }
  return (protocol) => {
    const one = <Records>(signal: OtlpSignal): Serializer<Records> => {
      const isJson = protocol === 'http/json'
      const serializer = found[`${isJson ? 'Json' : 'Protobuf'}${names[signal]}`] as Serializer<Records>
      return isJson ? mended(serializer) : serializer
    }
    return { traces: one('traces'), logs: one('logs'), metrics: one('metrics') }
  }
}

function mended<Records>(serializer: Serializer<Records>): Serializer<Records> {
  return {
    serializeRequest(records) {
      const body = serializer.serializeRequest(records)
      return body && withDoubles(body)
    },
    deserializeResponse: (body) => serializer.deserializeResponse(body),
  }
}
