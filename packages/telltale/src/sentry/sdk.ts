import type { OtelSpan } from '../trace/otel.js'

/** What is used of `@sentry/node`, 10 or 11; it is the user's. */
export interface SentrySdk {
  getClient(): SentryClient | undefined
  captureEvent(event: object, hint?: object): string
  getActiveSpan?(): object | undefined
  getCurrentScope?(): SdkScope
  flush(timeoutMs?: number): PromiseLike<boolean>
}

export interface SentryClient {
  addEventProcessor(processor: (event: SdkEvent, hint: SdkHint) => SdkEvent | null): void
  on(hook: 'preprocessEvent', callback: (event: SdkEvent, hint?: SdkHint) => void): unknown
  on(hook: 'beforeEnvelope', callback: (envelope: SdkEnvelope) => void): unknown
}

export interface SdkScope {
  setClient(client: SentryClient | undefined): void
}

/** An event of the SDK's own making. */
export interface SdkEvent {
  type?: string | undefined
  tags?: Record<string, unknown>
  contexts?: Record<string, Record<string, unknown> | undefined>
  user?: Record<string, unknown>
  fingerprint?: string[]
  [more: string]: unknown
}

export interface SdkHint {
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
