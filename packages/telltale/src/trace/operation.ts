import { finishedOrCounted, Held } from './finish.js'
import { hexId } from './ids.js'
import { LocalTrace } from './local-trace.js'
import {
  contextWith,
  guarded,
  hasOtel,
  isRecorded,
  isValid,
  lookForOtel,
  type OtelContext,
  type OtelSpan,
  type OtelSpanContext,
  spanOfRequest,
  startSpan,
} from './otel.js'
import type { Described, EndedSpan, FinishedSpan, SpanIds, SpanKind } from './span.js'
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
  /** The ids came from another process. */
  readonly isRemote?: boolean
  /** OpenTelemetry's context of it, where that need not be the active one. */
  readonly context?: OtelContext | undefined
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
  weight = 0
  /** Made when they are asked for: of a query in a trace that does not leave, nobody asks. */
  #ids: OperationIds | undefined
  readonly #above: Surroundings['ids'] | undefined
  readonly #otel: Otel | undefined
  readonly #isRoot: boolean
  /** Of a trace that is another's. */
  #isFlow = false

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
    const trace = traceFor(ids)
    return trace && new Operation('server', ids, trace, true)
  }

  /** A flow: a part of what goes on around it; a trace of its own where nothing does. */
  static begun(above: Surroundings | undefined, kind: SpanKind, name: string): Operation {
    lookForOtel()
    const flow = Operation.within(above, kind, name)
    if (!flow.#isRoot && flow.trace !== undefined) {
      flow.#isFlow = true
      flow.trace.flowBegan()
    }
    return flow
  }

  /** A part of what goes on around it; a trace of its own where nothing does. */
  static within(above: Surroundings | undefined, kind: SpanKind, name: string): Operation {
    const ids = idsBelow(above?.ids, above?.isRemote)
    const otel = hasOtel() ? started(above, ids, kind, name) : undefined
    if (otel !== undefined) return new Operation(kind, otelIds(otel, ids), undefined, false, otel)
    if (above?.trace !== undefined) return new Operation(kind, ids, above.trace, false)
    const trace = traceFor(ids)
    return new Operation(kind, ids, trace, trace !== undefined)
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

  hold(): void {
    const held = new Held(this.of, this.error)
    this.of = held
    this.error = undefined
    this.weight = held.weight
  }

  /** Tells the span of an instrumentation, which ends it, what `of` is so far. */
  tell(of: Described): void {
    if (this.#otel === undefined || this.#otel.isOurs) return
    this.of = of
    describeTo(this.#otel, this)
  }

  /** Times are of `performance.now()`; `error` is what it failed with, if it did. Called once. */
  end(of: Described, startedAt: number, endedAt: number, error?: unknown): void {
    if (this.trace === undefined && this.#otel === undefined) return
    this.of = of
    this.startedAt = startedAt
    this.endedAt = endedAt
    this.error = error
    if (this.#otel !== undefined) endOtel(this.#otel, this)
    else if (this.#isRoot) this.trace!.end(this)
    else this.trace!.add(this)
    if (this.#isFlow) this.trace!.flowEnded()
  }
}

/** Undefined where nothing of it can leave. */
function traceFor({ sampled }: OperationIds): LocalTrace | undefined {
  const isWanted = tracing.exit !== undefined && (sampled || tracing.keepOnError)
  return isWanted ? new LocalTrace(sampled) : undefined
}

function idsBelow(above: Surroundings['ids'] = {}, isRemote = false): OperationIds {
  const { traceId = hexId(16), spanId: parentSpanId, tracestate } = above
  const sampled = above.sampled ?? tracing.sample(traceId, undefined)
  return { traceId, spanId: hexId(8), parentSpanId, isRemote, tracestate, sampled }
}

function started(
  above: Surroundings | undefined,
  ids: OperationIds,
  kind: SpanKind,
  name: string,
): Otel | undefined {
  const span = above?.isRemote === true ? startSpan(name, kind, remote(ids)) : startSpan(name, kind, above)
  return span && { ...span, isOurs: true }
}

function otelOf(ids: OperationIds, name: string): Otel | undefined {
  const begun = spanOfRequest(ids)
  if (begun !== undefined) return { span: begun, context: contextWith(begun), isOurs: false }
  const started = startSpan(name, 'server', remote(ids))
  return started && { ...started, isOurs: true }
}

/** What began in another process, or here where nothing did. */
function remote({ traceId, parentSpanId, sampled, tracestate }: OperationIds): {
  remote: OtelSpanContext | undefined
} {
  if (parentSpanId === undefined) return { remote: undefined }
  const parent = { traceId, spanId: parentSpanId, traceFlags: sampled ? 1 : 0, isRemote: true }
  return {
    remote: tracestate === undefined ? parent : { ...parent, traceState: { serialize: () => tracestate } },
  }
}

/** Ours stay where the SDK has none: its spans are suppressed. */
function otelIds({ span }: Otel, ids: OperationIds): OperationIds {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return isValid(traceId) ? { ...ids, traceId, spanId, sampled: (traceFlags & 1) === 1 } : ids
}

function endOtel(otel: Otel, ended: EndedSpan): void {
  describeTo(otel, ended)
  if (otel.isOurs) guarded(() => otel.span.end())
}

function describeTo({ span, isOurs }: Otel, of: EndedSpan): void {
  if (!isRecorded(span)) return
  const finished = finishedOrCounted(of)
  if (finished !== undefined) guarded(() => tell(span, isOurs, finished))
}

/** One that is not ours is named by the instrumentation that began it. */
function tell(span: OtelSpan, isOurs: boolean, { name, attributes, error }: FinishedSpan): void {
  span.setAttributes(attributes)
  if (!isOurs) return
  span.updateName(name)
  if (error === undefined) return
  const { type, message, stack } = error
  if (message !== '') span.recordException({ name: type, message, ...(stack !== undefined && { stack }) })
  span.setStatus({ code: failed, message })
}
