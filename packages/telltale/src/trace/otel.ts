import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import type { SpanKind } from './span.js'

/** What is used of `@opentelemetry/api`; it is the user's, and read where it registers itself. */
export interface OtelSpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly isRemote?: boolean
  readonly traceState?: { serialize(): string }
}

export interface OtelSpan {
  /** SDK's spans have it, the API's own don't. */
  readonly kind?: number
  spanContext(): OtelSpanContext
  isRecording?(): boolean
  setAttribute(key: string, value: unknown): unknown
  setAttributes(attributes: object): unknown
  setStatus(status: { code: number; message?: string }): unknown
  recordException(error: { name: string; message: string; stack?: string }): unknown
  updateName(name: string): unknown
  end(): void
}

export interface OtelContext {
  getValue(key: symbol): unknown
  setValue(key: symbol, value: unknown): OtelContext
  deleteValue(key: symbol): OtelContext
}

interface Registered {
  readonly trace?: {
    getTracer(
      name: string,
      version?: string,
    ): { startSpan(name: string, options: object, context: OtelContext): OtelSpan }
  }
  readonly context?: {
    active(): OtelContext
    with<T>(context: OtelContext, fn: () => T): T
  }
}

// @opentelemetry/api 1.x: where it keeps what is registered, and the span in a context (createContextKey is Symbol.for).
const registeredAt = Symbol.for('opentelemetry.js.api.1')
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN')
// @opentelemetry/core, suppressTracing(): what an exporter's own calls are made in.
const suppressKey = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')
const noTrace = '0'.repeat(32)
const kinds = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 } satisfies Record<
  SpanKind,
  number
>

const found = slot('trace.otel', () => ({
  isOn: false,
  /** Spans of an SDK that is none of OpenTelemetry's and whose spans look like theirs. */
  source: undefined as (() => OtelSpan | undefined) | undefined,
}))

/** Takes current spans from `source`, too. Returns what ends that. */
export function setSpanSource(source: () => OtelSpan | undefined): () => void {
  found.source = source
  return () => {
    if (found.source === source) found.source = undefined
    lookForOtel()
  }
}

/**
 * Whether an OpenTelemetry SDK is registered, with a tracer and a context manager. Looked for where a request or flow
 * begins, and outside of both at every line. Cost: some nanoseconds.
 */
export function lookForOtel(): boolean {
  const api = registered()
  return (found.isOn = found.source !== undefined || (api?.trace !== undefined && api.context !== undefined))
}

/** As it was when last looked for: a load. */
export function hasOtel(): boolean {
  return found.isOn
}

/** OpenTelemetry's current span; none where tracing is suppressed. */
export function activeSpan(): OtelSpan | undefined {
  return guarded(() => {
    const span = (registered()?.context?.active().getValue(spanKey) ?? found.source?.()) as
      OtelSpan | undefined
    return span !== undefined && isValid(span.spanContext().traceId) ? span : undefined
  })
}

/** Spans that are not recorded have the invalid id where they have none. */
export function isValid(traceId: string): boolean {
  return traceId !== noTrace
}

const ofRequests = new WeakSet<OtelSpan>()

/**
 * The current span, where an instrumentation has begun it for this request. A server that began to listen within a span
 * has that one active in all its requests: it is none of theirs.
 */
export function spanOfRequest({ traceId, parentSpanId }: RequestIds): OtelSpan | undefined {
  return guarded(() => {
    const span = activeSpan()
    if (span === undefined || ofRequests.has(span)) return undefined
    const { kind } = span
    // Not sampled, it has none, or, as Sentry's SDK makes them, one that records nothing: it is taken where it is this
    // process's, of the caller's trace, and no other request's.
    const { traceId: itsTrace, isRemote, traceFlags } = span.spanContext()
    const fits = isRemote !== true && (parentSpanId === undefined || itsTrace === traceId)
    if (kind !== undefined && kind !== kinds.server) return undefined
    const isUnsampled = kind === undefined || ((traceFlags & 1) === 0 && !isRecorded(span))
    if (isUnsampled ? !fits : !isRecorded(span)) return undefined
    ofRequests.add(span)
    return span
  })
}

interface RequestIds {
  readonly traceId: string
  readonly parentSpanId: string | undefined
}

/** Whether what is told of the span is kept. */
export function isRecorded(span: OtelSpan): boolean {
  return guarded(() => span.isRecording?.()) ?? true
}

export interface StartedSpan {
  readonly span: OtelSpan
  readonly context: OtelContext
}

/** What a span begins below. */
export interface Above {
  /** Instead of the active one. */
  readonly context?: OtelContext | undefined
  /** What began in another process: then nothing that is active here is above it. Undefined where nothing began it. */
  readonly remote?: OtelSpanContext | undefined
}

/** A span of the registered SDK below its current one, or as `above` says. */
export function startSpan(name: string, kind: SpanKind, above: Above = {}): StartedSpan | undefined {
  return guarded(() => {
    const { trace, context: manager } = registered() ?? {}
    const current = above.context ?? manager?.active()
    if (trace === undefined || current === undefined) return undefined
    const context = 'remote' in above ? below(current, above.remote) : current
    const span = trace.getTracer('telltale').startSpan(name, { kind: kinds[kind] }, context)
    return { span, context: context.setValue(spanKey, span) }
  })
}

function below(context: OtelContext, remote: OtelSpanContext | undefined): OtelContext {
  return remote === undefined ? context.deleteValue(spanKey) : context.setValue(spanKey, remoteSpan(remote))
}

/** The context in which `span` is the current one. */
export function contextWith(span: OtelSpan): OtelContext | undefined {
  return guarded(() => registered()?.context?.active().setValue(spanKey, span))
}

/** The context in which the SDK and its instrumentation begin no spans. */
export function untracedContext(): OtelContext | undefined {
  return guarded(() => registered()?.context?.active().setValue(suppressKey, true))
}

/** Runs `fn` in OpenTelemetry's context. Returns and throws what it does. */
export function inOtel<T>(context: OtelContext, fn: () => T): T {
  const manager = registered()?.context
  return manager === undefined ? fn() : manager.with(context, fn)
}

/** Calls into the SDK of somebody else: what it throws ends here. */
export function guarded<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    reportOnce('otel', `the OpenTelemetry SDK that is registered failed: ${show(error)}`)
    return undefined
  }
}

function registered(): Registered | undefined {
  return (globalThis as Record<symbol, unknown>)[registeredAt] as Registered | undefined
}

/** A parent in another process: all that a tracer asks of it is its context. */
function remoteSpan(context: OtelSpanContext): Pick<OtelSpan, 'spanContext'> & { isRecording(): boolean } {
  return { spanContext: () => context, isRecording: () => false }
}
