import { currentScope, type Ids, type Scope } from '../context/scope.js'
import { briefField } from '../errors/record.js'
import { debug, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { ringOf } from '../log/recorder/record.js'
import { exemplarOf } from '../metrics/exemplars.js'
import { histogram } from '../metrics/histogram.js'
import { Operation } from '../trace/operation.js'
import { hasOtel } from '../trace/otel.js'
import { type AttributeValue, type Described, type Description, Failure } from '../trace/span.js'
import { formatTraceparent } from '../trace/traceparent.js'
import { methodLabel } from './metrics.js'
import { outboundSettings } from './outbound-settings.js'
import { maskBeforeRouting, pathOf } from './path.js'
import { isOwnTarget, type Target } from './target.js'

const log = loggerNamed('outbound')

const duration = histogram('http_client_request_duration_seconds', {
  help: 'Time from the start of an outbound request to the end of its response, by method, host and status.',
  labels: { method: String, host: String, status: String },
})

const maxHosts = 1000
const saidHosts = new Set<string>()

/** An outbound request under way, whatever the client that sends it. */
export class Call implements Described {
  private readonly startedAt = performance.now()
  private readonly scope: Scope | undefined = currentScope()
  private operation: Operation | undefined
  private status = 0
  private isOver = false

  constructor(private readonly target: Target) {}

  /**
   * The headers by which the callee joins the trace: none for a host that is not the team's own, and none that the caller
   * has given itself. A `tracestate` belongs to its `traceparent`.
   */
  propagation(isGiven: (name: string) => boolean): readonly (readonly [name: string, value: string])[] {
    // One that OpenTelemetry's instrumentation has given its header is a span already.
    if (!(hasOtel() && isGiven('traceparent')))
      this.operation = Operation.part(this.scope, 'client', methodLabel(this.target.method))
    if (!isOwnTarget(this.target, outboundSettings.propagateTo)) {
      this.sayForeign()
      return []
    }
    const { requestId, tracestate, baggage } = this.scope?.ids ?? {}
    const { traceId, spanId, sampled } = this.parentOfCallee() ?? {}
    const headers: [string, string][] = []
    const add = (name: string, value: string | undefined): void => {
      if (value !== undefined && !isGiven(name)) headers.push([name, value])
    }
    if (traceId !== undefined && spanId !== undefined && !isGiven('traceparent')) {
      add('traceparent', formatTraceparent(traceId, spanId, sampled ?? false))
      add('tracestate', tracestate)
    }
    add('baggage', baggage)
    if (this.scope?.request?.ended !== true) add('x-request-id', requestId)
    return headers
  }

  /** The call's own span where there is one to be found. */
  private parentOfCallee(): Ids | undefined {
    const { operation } = this
    return operation === undefined || operation.trace?.sampled === false ? this.scope?.ids : operation.ids
  }

  answered(status: number): void {
    this.status = status
  }

  completed(): void {
    const { status } = this
    const ms = this.end(String(status), status >= 400 ? new Failure(String(status)) : undefined)
    if (ms === undefined) return
    const { slowMs } = outboundSettings
    const fields = { status: this.status, duration_ms: ms }
    if (ms >= slowMs) this.raise(warning, 'outbound_slow', { ...fields, slow_ms: slowMs })
    // Off, it is still worth its price in a request: if that fails, its calls tell why.
    else if (log.on(debug) || ringOf(this.scope) !== undefined)
      this.raise(debug, 'outbound_completed', fields)
  }

  failed(error: unknown): void {
    const ms = this.end('error', error ?? new Failure('Error'))
    // In brief: the error is the caller's, who may log it in full.
    if (ms !== undefined)
      this.raise(warning, 'outbound_failed', { duration_ms: ms, error: briefField(error) })
  }

  /** OpenTelemetry's semantic conventions for HTTP clients; the path without its query. */
  describe(): Description {
    const { method, host, path } = this.target
    const known = methodLabel(method)
    const isOther = known === 'OTHER'
    const [, address = host, port] = /^(.*):(\d+)$/.exec(host) ?? []
    const own: Record<string, AttributeValue> = { 'http.request.method': isOther ? '_OTHER' : known }
    if (port !== undefined) own['server.port'] = Number(port)
    if (this.status > 0) own['http.response.status_code'] = this.status
    if (this.status >= 400) own['error.type'] = String(this.status)
    const given: Record<string, AttributeValue> = {
      'server.address': address,
      'url.path': maskBeforeRouting(pathOf(path)),
    }
    if (isOther) given['http.request.method_original'] = method
    return { name: isOther ? 'HTTP' : known, own, given }
  }

  // Clients tell more than once how a call ended: undici when the connection of one that was given up fails later,
  // node:http with an error and a close.
  private end(status: string, error: unknown): number | undefined {
    if (this.isOver) return undefined
    this.isOver = true
    const endedAt = performance.now()
    const ms = endedAt - this.startedAt
    this.operation?.end(this, this.startedAt, endedAt, error)
    const { method, host } = this.target
    // It ends in the context of its connection, which is that of whoever opened it.
    exemplarOf.ids = this.scope?.ids ?? {}
    duration.observe({ method: methodLabel(method), host, status }, ms / 1000)
    exemplarOf.ids = undefined
    return Math.round(ms * 1000) / 1000
  }

  private sayForeign(): void {
    const { host } = this.target
    if (saidHosts.has(host) || saidHosts.size >= maxHosts) return
    saidHosts.add(host)
    const reason = 'not an own host: no ids are sent; propagateTo names further ones'
    log.raise(debug, 'outbound_host_foreign', { host, reason }, this.scope)
  }

  private raise(level: number, event: string, fields: object): void {
    const { method, host, path } = this.target
    const what = { peer_method: method, host, peer_path: maskBeforeRouting(pathOf(path)) }
    log.raise(level, event, { ...what, ...fields }, this.scope)
  }
}
