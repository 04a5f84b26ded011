import { show } from '../self/show.js'

export interface OtlpOptions {
  /**
   * Where an OpenTelemetry collector listens for OTLP over HTTP, without `/v1/traces`: `http://localhost:4318`. Default
   * `OTEL_EXPORTER_OTLP_ENDPOINT`; without either nothing leaves.
   */
  readonly endpoint?: string
  /** Headers of each request, for an API key for instance; default `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether spans are sent; default true. */
  readonly traces?: boolean
  /** Whether log lines are sent, those that are written; default true. */
  readonly logs?: boolean
  /** Whether metrics are sent, beside `/metrics`; default false. */
  readonly metrics?: boolean
  /**
   * The share of traces that are recorded, of those that begin here; one that a caller began is recorded as the caller
   * decided. Default `OTEL_TRACES_SAMPLER`, else 1.
   */
  readonly tracesSampleRate?: number
  /** Whether the spans of a request or flow that failed are sent though its trace is not sampled; default true. */
  readonly keepOnError?: boolean
  /** Default `OTEL_EXPORTER_OTLP_PROTOCOL`, else `http/protobuf`. */
  readonly protocol?: Protocol
  /** Whether bodies are compressed, in the thread pool; default `OTEL_EXPORTER_OTLP_COMPRESSION`, else false. */
  readonly gzip?: boolean
  /** PEM texts: authorities to trust, and the certificate and key to show. */
  readonly tls?: TlsOptions
  /** Milliseconds that one attempt may take; default 10,000. */
  readonly timeoutMs?: number
  /** Milliseconds that a batch may take with all its attempts; then it is dropped and counted. Default 30,000. */
  readonly exportTimeoutMs?: number
  /** Milliseconds that spans and lines wait for others; default 5,000 for spans, 1,000 for lines. */
  readonly scheduleDelayMs?: number
  /** Spans or lines of one request to the collector; default 512. */
  readonly maxBatch?: number
  /** Spans that wait, those under way included; default 2,048. What comes beyond is dropped and counted. */
  readonly maxQueueSpans?: number
  /** Characters of spans that wait, and as many of lines, those under way included; default 8,388,608. */
  readonly maxQueueChars?: number
  /** Milliseconds between two sendings of the metrics; default 60,000. */
  readonly metricsIntervalMs?: number
}

export const protocols = ['http/protobuf', 'http/json'] as const
export type Protocol = (typeof protocols)[number]

export interface TlsOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

type Check = readonly [takes: string, accepts: (value: unknown) => boolean]

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const flag: Check = ['true or false', (value) => typeof value === 'boolean']
const milliseconds: Check = ['a number of milliseconds from 1 to 2147483647', (value) => isWithin(value, 1)]
const count: Check = [
  'a whole number of at least 1',
  (value) => Number.isSafeInteger(value) && isWithin(value, 1),
]

const checks: Readonly<Record<keyof OtlpOptions, Check>> = {
  endpoint: [
    'a URL that begins with http:// or https://',
    (value) => isText(value) && isEndpoint(value as string),
  ],
  headers: ['an object of header names and their values', isHeaders],
  traces: flag,
  logs: flag,
  metrics: flag,
  tracesSampleRate: [
    'a number from 0 to 1',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  ],
  keepOnError: flag,
  protocol: ["'http/protobuf' or 'http/json'", (value) => (protocols as readonly unknown[]).includes(value)],
  gzip: flag,
  tls: ['an object with ca, cert, key, each a PEM text', isTls],
  timeoutMs: milliseconds,
  exportTimeoutMs: milliseconds,
  scheduleDelayMs: milliseconds,
  maxBatch: count,
  maxQueueSpans: count,
  maxQueueChars: count,
  metricsIntervalMs: milliseconds,
}

// Their texts may be secrets.
const unshown: readonly string[] = ['endpoint', 'headers', 'tls']

/** Throws a TypeError that names the option and what it takes; never an endpoint's or a header's text. */
export function checkOtlp(options: unknown): void {
  const names = Object.keys(checks).join(', ')
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw refused('otlp', `an object with ${names}`, describe(options))
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name))
      throw new TypeError(`setup(): otlp.${name} is not an option; otlp takes ${names}.`)
    const [takes, accepts] = checks[name as keyof OtlpOptions]
    if (value !== undefined && !accepts(value))
      throw refused(
        `otlp.${name}`,
        takes,
        unshown.includes(name) ? `a ${typeof value} that is none` : describe(value),
      )
  }
}

/** Whether the text is a URL that can be sent to. */
export function isEndpoint(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function refused(name: string, takes: string, got: string): TypeError {
  return new TypeError(`setup(): ${name} must be ${takes}, got ${got}.`)
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `string ${JSON.stringify(show(value))}`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return value === undefined || value === null ? String(value) : `${typeof value} ${show(value)}`
}

const headerName = /^[\w!#$%&'*+.^`|~-]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

export function isHeader(name: string, value: unknown): boolean {
  return headerName.test(name) && typeof value === 'string' && headerValue.test(value)
}

function isHeaders(value: unknown): boolean {
  return isPlain(value) && Object.entries(value).every(([name, each]) => isHeader(name, each))
}

function isTls(value: unknown): boolean {
  const isPart = ([name, each]: [string, unknown]): boolean =>
    ['ca', 'cert', 'key'].includes(name) && (each === undefined || isText(each))
  return isPlain(value) && Object.entries(value).every(isPart)
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWithin(value: unknown, least: number): boolean {
  return typeof value === 'number' && value >= least && value < 2 ** 31
}
