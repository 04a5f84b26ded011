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
import type { Described, EndedSpan, SpanIds, SpanKind } from './span.js'
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
export class Operation implements EndedSpan {
  readonly kind: SpanKind
  readonly trace: LocalTrace | undefined
  startedAt = 0
  endedAt = 0
  error: unknown
  of!: Described
  /** Made when they are asked for: of a query in a trace that does not leave, nobody asks. */
  #ids: OperationIds | undefined
  readonly #above: Surroundings['ids'] | undefined
  readonly #otel: Otel | undefined
  readonly #isRoot: boolean

  private constructor(
    kind: SpanKind,
    ids: OperationIds | Surroundings,
    trace: LocalTrace | undefined,
    isRoot: boolean,
    otel?: Otel,
  ) {
    this.kind = kind
    this.trace = trace
    this.#ids = 'ids' in ids ? undefined : ids
    this.#above = 'ids' in ids ? ids.ids : undefined
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
    const isOn = above === undefined ? lookForOtel() : hasOtel()
    const ids = idsBelow(above?.ids)
    const otel = isOn ? started(kind, name) : undefined
    if (otel !== undefined) return new Operation(kind, otelIds(otel, ids), undefined, false, otel)
    const isRoot = above?.trace === undefined && tracing.exit !== undefined
    return new Operation(kind, ids, isRoot ? new LocalTrace(ids.sampled) : above?.trace, isRoot)
  }

  /** What is part of a trace or nothing, a query say: undefined where nobody wants its span. */
  static part(above: Surroundings | undefined, kind: SpanKind, name: string): Operation | undefined {
    if (hasOtel()) return Operation.within(above, kind, name)
    return above?.trace === undefined ? undefined : new Operation(kind, above, above.trace, false)
  }

  get ids(): OperationIds {
    return (this.#ids ??= idsBelow(this.#above))
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
    if (this.trace === undefined && this.#otel === undefined) return
    this.of = of
    this.startedAt = startedAt
    this.endedAt = endedAt
    this.error = error
    if (this.#otel !== undefined) guarded(() => endOtel(this.#otel!, finish(this)))
    else if (this.#isRoot) this.trace!.end(this)
    else this.trace!.add(this)
  }
}

function idsBelow(above: Surroundings['ids'] = {}): OperationIds {
  const { traceId = hexId(16), spanId: parentSpanId, tracestate } = above
  const sampled = above.sampled ?? tracing.sample(traceId, undefined)
  return { traceId, spanId: hexId(8), parentSpanId, isRemote: false, tracestate, sampled }
}

function started(kind: SpanKind, name: string): Otel | undefined {
  const span = startSpan(name, kind)
  return span && { ...span, isOurs: true }
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
