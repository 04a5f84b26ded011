import { finish } from './finish.js'
import { hexId } from './ids.js'
import { LocalTrace } from './local-trace.js'
import {
  activeSpan,
  contextWith,
  guarded,
  hasOtel,
  lookForOtel,
  type OtelContext,
  type OtelSpan,
  type OtelSpanContext,
  startSpan,
} from './otel.js'
import type { Described, SpanIds, SpanKind } from './span.js'
import { tracing } from './tracing.js'

export interface OperationIds extends SpanIds {
  readonly sampled: boolean
}

/** Where an operation begins. */
export interface Surroundings {
  readonly ids: {
    readonly traceId?: string | undefined
    readonly spanId?: string | undefined
    readonly sampled?: boolean | undefined
    readonly tracestate?: string | undefined
  }
  readonly trace: LocalTrace | undefined
}

/** In an SDK that is registered: a span of ours, or one that its instrumentation began before us. */
interface Otel {
  readonly span: OtelSpan
  readonly context: OtelContext | undefined
  readonly isOurs: boolean
}

const failed = 2

/**
 * A request, flow, step, query or call under way. Its span goes to the OpenTelemetry SDK that is registered, else to the
 * exit, else nowhere: then it is no more than its ids.
 */
export class Operation {
  readonly ids: OperationIds
  readonly trace: LocalTrace | undefined
  readonly #kind: SpanKind
  readonly #otel: Otel | undefined
  readonly #isRoot: boolean

  private constructor(
    kind: SpanKind,
    ids: OperationIds,
    trace: LocalTrace | undefined,
    isRoot: boolean,
    otel?: Otel,
  ) {
    this.#kind = kind
    this.ids = ids
    this.trace = trace
    this.#isRoot = isRoot
    this.#otel = otel
  }

  /** A request of this service; undefined where nobody wants spans. */
  static serving(ids: OperationIds, name: string): Operation | undefined {
    const otel = lookForOtel() ? otelOf(ids, name) : undefined
    if (otel !== undefined) return new Operation('server', otelIds(otel, ids), undefined, true, otel)
    if (tracing.exit === undefined) return undefined
    return new Operation('server', ids, new LocalTrace(ids.sampled), true)
  }

  /** A part of what goes on around it; a trace of its own where nothing does. */
  static within(above: Surroundings | undefined, kind: SpanKind, name: string): Operation {
    const { traceId = hexId(16), spanId: parentSpanId, tracestate } = above?.ids ?? {}
    const sampled = above?.ids.sampled ?? tracing.sample(traceId, undefined)
    const ids = { traceId, spanId: hexId(8), parentSpanId, isRemote: false, tracestate, sampled }
    const isOn = above === undefined ? lookForOtel() : hasOtel()
    const started = isOn ? startSpan(name, kind) : undefined
    if (started !== undefined) {
      const otel = { ...started, isOurs: true }
      return new Operation(kind, otelIds(otel, ids), undefined, false, otel)
    }
    const isRoot = above?.trace === undefined && tracing.exit !== undefined
    return new Operation(kind, ids, isRoot ? new LocalTrace(sampled) : above?.trace, isRoot)
  }

  /** As `within`, for what is part of a trace or nothing: undefined where nobody wants its span. */
  static part(above: Surroundings | undefined, kind: SpanKind, name: string): Operation | undefined {
    return above?.trace === undefined && !hasOtel() ? undefined : Operation.within(above, kind, name)
  }

  /** OpenTelemetry's context with this span in it: what belongs to the operation runs in it. */
  get context(): OtelContext | undefined {
    return this.#otel?.context
  }

  /** The whole of which this is a part has failed: its spans leave, sampled or not. */
  fail(): void {
    this.trace?.fail()
  }

  /** Times are of `performance.now()`; `error` is what it failed with, if it did. Called once. */
  end(of: Described, startedAt: number, endedAt: number, error?: unknown): void {
    const { ids, trace } = this
    const span = { ids, kind: this.#kind, startedAt, endedAt, error, of }
    if (this.#otel !== undefined) guarded(() => endOtel(this.#otel!, finish(span)))
    else if (this.#isRoot) trace?.end(span)
    else trace?.add(span)
  }
}

function otelOf(ids: OperationIds, name: string): Otel | undefined {
  const active = activeSpan()
  if (active !== undefined) return { span: active, context: contextWith(active), isOurs: false }
  const started = startSpan(name, 'server', remoteParent(ids))
  return started && { ...started, isOurs: true }
}

function remoteParent({
  traceId,
  parentSpanId,
  sampled,
  tracestate,
}: OperationIds): OtelSpanContext | undefined {
  if (parentSpanId === undefined) return undefined
  const remote = { traceId, spanId: parentSpanId, traceFlags: sampled ? 1 : 0, isRemote: true }
  return tracestate === undefined ? remote : { ...remote, traceState: { serialize: () => tracestate } }
}

function otelIds({ span }: Otel, ids: OperationIds): OperationIds {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { ...ids, traceId, spanId, sampled: (traceFlags & 1) === 1 }
}

function endOtel({ span, isOurs }: Otel, { name, attributes, error }: ReturnType<typeof finish>): void {
  span.setAttributes(attributes)
  // Named and ended by the instrumentation that began it.
  if (!isOurs) return
  span.updateName(name)
  if (error !== undefined) {
    const { type, message, stack } = error
    if (message !== '') span.recordException({ name: type, message, ...(stack !== undefined && { stack }) })
    span.setStatus({ code: failed, message })
  }
  span.end()
}
