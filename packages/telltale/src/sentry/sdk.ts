import type { OtelSpan } from '../trace/otel.js'

/** What is used of `@sentry/node`, 10 or 11; it is the user's, and so are its types: what it takes and gives are objects. */
export interface SentrySdk {
  getClient(): object | undefined
  captureEvent(event: object, hint?: object): string
  getActiveSpan?(): object | undefined
  getCurrentScope?(): object
  flush(timeoutMs?: number): PromiseLike<boolean>
  /** The transport that it has by default. */
  makeNodeTransport?: unknown
}

export interface SentryClient {
  addEventProcessor(processor: (event: SdkEvent, hint: SdkHint) => SdkEvent | null): void
  on(hook: 'preprocessEvent', callback: (event: SdkEvent, hint?: SdkHint) => void): unknown
  on(hook: 'beforeCaptureLog' | 'processMetric', callback: (said: Record<string, unknown>) => void): unknown
  on(hook: 'beforeEnvelope', callback: (envelope: SdkEnvelope) => void): unknown
  on(hook: 'afterSendEvent', callback: (event: SdkEvent, response?: SdkResponse) => void): unknown
  on(hook: 'flush', callback: () => void): unknown
}

/** What its transport was answered; no status where it was not sent. */
export interface SdkResponse {
  statusCode?: number
  headers?: Record<string, string | null>
}

export interface SdkScope {
  setClient(client: SentryClient | undefined): void
}

/** An event of the SDK's own making. */
export interface SdkEvent {
  type?: string | undefined
  event_id?: string
  tags?: Record<string, unknown>
  contexts?: Record<string, Record<string, unknown> | undefined>
  user?: Record<string, unknown>
  fingerprint?: string[]
  [more: string]: unknown
}

export interface SdkHint {
  event_id?: string
  originalException?: unknown
  data?: unknown
  attachments?: unknown[]
}

/** Headers, and items of a header and a payload each. */
export type SdkEnvelope = [
  headers: Record<string, unknown>,
  items: [header: { type?: string }, payload: unknown][],
]

/** The SDK's span, where it looks like one: those of version 11 are none of OpenTelemetry's, and are called alike. */
export function asSpan(span: object | undefined): OtelSpan | undefined {
  return typeof (span as Partial<OtelSpan> | undefined)?.spanContext === 'function'
    ? (span as OtelSpan)
    : undefined
}
