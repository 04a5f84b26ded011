import { AsyncLocalStorage } from 'node:async_hooks'
import { beyondCopied } from '../encode/copy.js'
import { encodeFields, maxFields, ownFields } from '../encode/fields.js'
import { flat } from '../encode/flat.js'
import { quote } from '../encode/quote.js'
import { cutKeys } from '../encode/reserved-keys.js'
import { withBudget } from '../encode/value.js'
import { policy, type Policy } from '../redact/policy.js'
import { dropped } from '../self/dropped.js'
import { slot } from '../state/state.js'
import type { LocalTrace } from '../trace/local-trace.js'
import { activeSpan, hasOtel, inOtel, lookForOtel, type OtelContext, type OtelSpan } from '../trace/otel.js'

type IdKeys = Readonly<Record<'request_id' | 'trace_id' | 'span_id' | 'flow_id', string>>

const idKeys = slot<{ names: IdKeys }>('context.idKeys', () => ({
  names: { request_id: 'request_id', trace_id: 'trace_id', span_id: 'span_id', flow_id: 'flow_id' },
}))

/** The names under which ids are written, where `log.keys` renames some. */
export function setIdKeys(names: IdKeys): void {
  idKeys.names = names
}

/** What every signal raised inside carries. Immutable; a change makes a new one. */
export interface Resolved {
  /** `,"request_id":"…","trace_id":"…"` as it stands in a line. */
  readonly ids: string
  /** `,"method":"GET","path":"/"`: the fields as they stand in a line. */
  readonly json: string
  readonly fields: Readonly<Record<string, unknown>>
  /** `ids` and `json` in one piece. */
  readonly text: string
}

export interface Ids {
  readonly requestId?: string | undefined
  readonly traceId?: string | undefined
  readonly spanId?: string | undefined
  readonly flowId?: string | undefined
  readonly sampled?: boolean | undefined
  /** The caller's `tracestate`, to be forwarded. */
  readonly tracestate?: string | undefined
  /** The caller's `baggage`, to be forwarded and never written. */
  readonly baggage?: string | undefined
}

/** The ids of what goes on inside `above`: field by field, since spreading costs a microsecond. */
export function idsWithin(above: Ids | undefined, span: Ids, flowId: string | undefined): Ids {
  return {
    requestId: above?.requestId,
    traceId: span.traceId,
    spanId: span.spanId,
    flowId,
    sampled: span.sampled,
    tracestate: span.tracestate,
    baggage: above?.baggage,
  }
}

const maxContext = 65_536
const maxDepth = 64
const cutMark = `"${cutKeys.context}":`

/**
 * One level of async-local context: a request, a flow, a step or a `withContext`. Fields are encoded once, at the first
 * line that needs them, and again only after a change here or above.
 */
export class Scope {
  readonly parent: Scope | undefined
  /** The request this is part of, itself for a request's own scope. */
  readonly request: Scope | undefined
  readonly flow: Scope | undefined
  readonly ids: Ids
  private readonly depth: number
  private own: Record<string, unknown> | undefined
  private changed = false
  private isOver = false
  private resolved: Resolved | undefined
  private resolvedFrom: Resolved | undefined
  private resolvedBy: Policy | undefined

  /** Asked before a line is written, by adapters that learn the route after the request began. */
  refresh: (() => void) | undefined
  /** What a request's scope is about, for those who made it. */
  subject: object | undefined
  /** A request's recent events, for those who keep them. */
  ring: object | undefined
  /** The last event raised in this request; what `request_stalled` names. */
  lastEvent: string | undefined
  /** Where spans of what goes on inside are gathered. */
  trace: LocalTrace | undefined
  /** OpenTelemetry's context in which `enter` runs what belongs here. */
  otel: OtelContext | undefined

  /** `own` is kept as it is: what comes from a caller goes through `ownFields` first. */
  constructor(
    parent: Scope | undefined,
    kind: 'request' | 'flow' | 'fields',
    ids: Ids | undefined,
    own?: Record<string, unknown>,
  ) {
    this.request = kind === 'request' ? this : parent?.request
    this.flow = kind === 'flow' ? this : parent?.flow
    this.ids = ids ?? parent?.ids ?? {}
    this.trace = parent?.trace
    if (parent !== undefined && parent.depth >= maxDepth) {
      // Too deep to follow at each line: what was inherited is taken over as it is now.
      this.parent = parent.request
      this.own = { ...parent.resolveFrom().fields, ...own }
    } else {
      this.parent = parent
      this.own = own
    }
    this.depth = this.parent === undefined ? 0 : this.parent.depth + 1
  }

  bind(fields: object): void {
    if (this.isOver && this.parent === undefined) return
    // A new object each time: what was resolved before keeps the old one.
    const added = ownFields(fields)
    const own = { ...this.own, ...added }
    const names = Object.keys(own)
    const more = Math.max(0, names.length - maxFields) + beyondCopied(added)
    if (more > 0) dropped('log', 'context_fields', more)
    for (const name of names.slice(maxFields)) delete own[name]
    this.own = own
    this.changed = true
  }

  unbind(names: readonly string[]): void {
    if (this.own === undefined) return
    const own = { ...this.own }
    for (const name of names) if (typeof name === 'string') delete own[name]
    this.own = own
    this.changed = true
  }

  field(name: string): unknown {
    return this.own?.[name]
  }

  /** The fields of this level alone. */
  get ownFields(): Readonly<Record<string, unknown>> {
    return this.own ?? {}
  }

  /** The request has ended: what outlives it keeps its trace, but is no longer part of the request. */
  end(): void {
    this.isOver = true
    this.changed = true
    this.own = undefined
    this.release()
  }

  /** Lets go of request and response: whatever was started in the request keeps this scope alive. */
  release(): void {
    this.subject = undefined
    this.refresh = undefined
  }

  get ended(): boolean {
    return this.isOver
  }

  resolve(): Resolved {
    const request = this.request
    if (request?.refresh !== undefined) request.refresh()
    return this.resolveFrom()
  }

  private resolveFrom(): Resolved {
    const above = this.parent?.resolveFrom()
    const current = this.resolved
    if (
      current !== undefined &&
      !this.changed &&
      this.resolvedFrom === above &&
      this.resolvedBy === policy.current
    ) {
      return current
    }
    this.changed = false
    this.resolvedFrom = above
    this.resolvedBy = policy.current
    return (this.resolved = this.merge(above))
  }

  private merge(above: Resolved | undefined): Resolved {
    const own = this.own
    const ids = this.idText()
    if (own === undefined) return resolved(ids, above?.json ?? '', above?.fields ?? {})
    if (above === undefined) return resolved(ids, encode(own), own)
    const fields = { ...above.fields, ...own }
    const disjoint = Object.keys(own).every((name) => !Object.hasOwn(above.fields, name))
    const text = disjoint ? encode(own) : ''
    // Both cut, they would say so twice.
    const apart = disjoint && !(text.includes(cutMark) && above.json.includes(cutMark))
    return resolved(ids, apart ? above.json + text : encode(fields), fields)
  }

  private idText(): string {
    const { requestId, traceId, spanId, flowId } = this.ids
    const { names } = idKeys
    let text = ''
    if (requestId !== undefined && this.request?.isOver !== true)
      text += `,"${names.request_id}":${quote(requestId)}`
    if (traceId !== undefined) text += `,"${names.trace_id}":"${traceId}"`
    if (spanId !== undefined) text += `,"${names.span_id}":"${spanId}"`
    if (flowId !== undefined) text += `,"${names.flow_id}":${quote(flowId)}`
    return text
  }
}

function resolved(ids: string, json: string, fields: Readonly<Record<string, unknown>>): Resolved {
  return { ids, json, fields, text: flat(ids + json) }
}

function encode(fields: object): string {
  return withBudget(maxContext, () => encodeFields(fields, undefined, cutKeys.context))
}

/** Async-local storage of the current scope, as `currentScope` gives it. `getStore()` costs some nanoseconds, `run` some tens. */
export const scopes = slot('scopes', () => new AsyncLocalStorage<Scope>())

/** The scope that what happens now belongs to; inside a span of an OpenTelemetry SDK, with that span's ids. */
export function currentScope(): Scope | undefined {
  const scope = scopes.getStore()
  // Where a request or flow began it was looked for.
  const isLookedFor = scope?.request !== undefined || scope?.flow !== undefined
  return hasOtel() || (!isLookedFor && lookForOtel()) ? inActiveSpan(scope) : scope
}

/** Runs `fn` in a scope, and in OpenTelemetry's context where the scope has one. Returns and throws what `fn` does. */
export function enter<A extends unknown[], R>(scope: Scope, fn: (...args: A) => R, ...args: A): R {
  return scope.otel === undefined
    ? scopes.run(scope, fn, ...args)
    : inOtel(scope.otel, () => scopes.run(scope, fn, ...args))
}

const inSpans = new WeakMap<OtelSpan, Scope>()

function inActiveSpan(scope: Scope | undefined): Scope | undefined {
  const span = activeSpan()
  const context = span?.spanContext()
  if (span === undefined || context === undefined || context.spanId === scope?.ids.spanId) return scope
  const known = inSpans.get(span)
  if (known !== undefined && known.parent === scope) return known
  const { traceId, spanId, traceFlags } = context
  const derived = new Scope(scope, 'fields', {
    ...scope?.ids,
    traceId,
    spanId,
    sampled: (traceFlags & 1) === 1,
  })
  inSpans.set(span, derived)
  return derived
}
