import { type Environment, pairsOf } from './environment.js'
import {
  isEndpoint,
  isHeader,
  type OtlpOptions,
  type Protocol,
  protocols,
  type TlsOptions,
} from './options.js'
import { reportOnce } from '../self/report.js'

export const signals = ['traces', 'logs', 'metrics'] as const
export type OtlpSignal = (typeof signals)[number]

/** Where and how one signal is sent. */
export interface Target {
  readonly signal: OtlpSignal
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly protocol: Protocol
  readonly gzip: boolean
  /** Milliseconds of one attempt. */
  readonly timeoutMs: number
  /** Milliseconds of a batch, with all its attempts. */
  readonly exportTimeoutMs: number
  readonly tls: TlsOptions
  /** Files to read what `tls` does not have from. */
  readonly tlsFiles: TlsOptions
}

/** How spans or lines are put together. */
export interface Batching {
  /** Characters of what waits. */
  readonly maxQueue: number
  readonly maxItems: number
  /** At most `maxItems`. */
  readonly maxBatch: number
  readonly delayMs: number
}

export interface Settings {
  readonly traces: (Target & Batching) | undefined
  readonly logs: (Target & Batching) | undefined
  readonly metrics: (Target & { readonly intervalMs: number }) | undefined
}

/** What is sent where, options over environment; a signal without an endpoint is not sent. */
export function settingsOf(options: OtlpOptions, env: Environment): Settings {
  if (env.isTrue('OTEL_SDK_DISABLED')) return { traces: undefined, logs: undefined, metrics: undefined }
  const traces = targetOf('traces', options, env)
  const logs = targetOf('logs', options, env)
  const metrics = targetOf('metrics', options, env)
  return {
    traces: traces && {
      ...traces,
      ...batchingOf(options, env, 'OTEL_BSP', 5000, options.maxQueueSpans, 2048),
    },
    logs: logs && {
      ...logs,
      ...batchingOf(options, env, 'OTEL_BLRP', 1000, undefined, Infinity),
    },
    metrics: metrics && {
      ...metrics,
      exportTimeoutMs:
        options.exportTimeoutMs ?? env.number(['OTEL_METRIC_EXPORT_TIMEOUT'], 1) ?? defaultExportTimeoutMs,
      intervalMs: options.metricsIntervalMs ?? env.number(['OTEL_METRIC_EXPORT_INTERVAL'], 1) ?? 60_000,
    },
  }
}

const defaultExportTimeoutMs = 30_000

function batchingOf(
  { maxBatch, maxQueueChars, scheduleDelayMs }: OtlpOptions,
  env: Environment,
  prefix: string,
  delayMs: number,
  givenItems: number | undefined,
  items: number,
): Batching {
  const maxItems = givenItems ?? env.number([`${prefix}_MAX_QUEUE_SIZE`], 1) ?? items
  return {
    maxQueue: maxQueueChars ?? 8_388_608,
    maxItems,
    maxBatch: Math.min(maxBatch ?? env.number([`${prefix}_MAX_EXPORT_BATCH_SIZE`], 1) ?? 512, maxItems),
    delayMs: scheduleDelayMs ?? env.number([`${prefix}_SCHEDULE_DELAY`], 1) ?? delayMs,
  }
}

function targetOf(signal: OtlpSignal, options: OtlpOptions, env: Environment): Target | undefined {
  const name = (suffix: string): string[] => [
    `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${suffix}`,
    `OTEL_EXPORTER_OTLP_${suffix}`,
  ]
  const url = urlOf(signal, options, env)
  if (url === undefined || !isWanted(signal, options, env)) return undefined
  const protocol = options.protocol ?? env.word(name('PROTOCOL'), [...protocols, 'grpc']) ?? 'http/protobuf'
  if (protocol === 'grpc') {
    const why =
      'OTLP over gRPC is not spoken here; name http/protobuf or http/json, and the port for HTTP (4318)'
    reportOnce(`otlp-grpc ${signal}`, `no ${signal} are sent: ${why}.`)
    return undefined
  }
  const compression = env.word(name('COMPRESSION'), ['gzip', 'none'])
  const batchTimeout = signal === 'logs' ? 'OTEL_BLRP_EXPORT_TIMEOUT' : 'OTEL_BSP_EXPORT_TIMEOUT'
  return {
    signal,
    url,
    headers: options.headers ?? env.read(name('HEADERS'), 'headers as key=value,key=value', headersOf) ?? {},
    protocol,
    gzip: options.gzip ?? compression === 'gzip',
    timeoutMs: options.timeoutMs ?? env.number(name('TIMEOUT'), 1) ?? 10_000,
    exportTimeoutMs: options.exportTimeoutMs ?? env.number([batchTimeout], 1) ?? defaultExportTimeoutMs,
    tls: options.tls ?? {},
    tlsFiles: tlsFilesOf(name, env),
  }
}

function tlsFilesOf(name: (suffix: string) => string[], env: Environment): TlsOptions {
  const files = {
    ca: env.text(...name('CERTIFICATE')),
    cert: env.text(...name('CLIENT_CERTIFICATE')),
    key: env.text(...name('CLIENT_KEY')),
  }
  return Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined))
}

/** A signal's own endpoint is taken as it is; the one for all gets the signal's path. */
function urlOf(signal: OtlpSignal, { endpoint }: OtlpOptions, env: Environment): URL | undefined {
  if (endpoint !== undefined) return withPath(endpoint, signal)
  const takes = 'a URL that begins with http:// or https://'
  const read = (text: string): string | undefined => (isEndpoint(text) ? text : undefined)
  const own = env.read([ownEndpoint(signal)], takes, read)
  if (own !== undefined) return new URL(own)
  const base = env.read(['OTEL_EXPORTER_OTLP_ENDPOINT'], takes, read)
  return base === undefined ? undefined : withPath(base, signal)
}

function ownEndpoint(signal: OtlpSignal): string {
  return `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`
}

function withPath(endpoint: string, signal: OtlpSignal): URL {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`
  return url
}

/** Metrics are also scraped: they are sent where somebody asks for it. */
function isWanted(signal: OtlpSignal, options: OtlpOptions, env: Environment): boolean {
  const asked = env.read([`OTEL_${signal.toUpperCase()}_EXPORTER`], 'otlp or none', (text) => {
    const words = text
      .toLowerCase()
      .split(',')
      .map((word) => word.trim())
    if (words.includes('otlp')) return true
    return words.includes('none') ? false : undefined
  })
  return options[signal] ?? asked ?? (signal !== 'metrics' || env.text(ownEndpoint(signal)) !== undefined)
}

function headersOf(text: string): Record<string, string> | undefined {
  const headers = pairsOf(text)
  const isGood =
    headers !== undefined && Object.entries(headers).every(([name, value]) => isHeader(name, value))
  return isGood ? headers : undefined
}
