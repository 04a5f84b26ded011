import { errorMonitor, type EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Scope, scopes } from '../context/scope.js'
import { briefError } from '../errors/record.js'
import { debug, error as errorLevel, info, warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { phase } from '../health/phase.js'
import { closed, opened } from './inflight.js'
import { methodLabel, requestDuration, requestsInProgress, requestsTotal } from './metrics.js'
import { maskBeforeRouting, maskByRoute, pathOf } from './path.js'
import { requestIds } from './request-id.js'
import { knowServer } from './servers.js'
import { requestSettings } from './settings.js'

const log = loggerNamed('http')
const exchangeOf = Symbol.for('telltale.exchange')
const ownEmit = Symbol('emit')

type Observed = EventEmitter & { [exchangeOf]?: Exchange; [ownEmit]?: EventEmitter['emit'] }

/** One request and its response, from its head to the end of its response. */
export class Exchange {
  readonly startedAt = performance.now()
  readonly method: string
  readonly path: string
  readonly requestId: string
  readonly tracestate: string | undefined
  readonly scope: Scope
  nextStallMs = 0
  private knownRoute: string | undefined
  private error: unknown
  private hasError = false
  private clientLeft = false
  private finishedAt = 0
  private isOver = false
  private readonly label: string

  constructor(
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
  ) {
    const ids = requestIds(req)
    this.method = req.method ?? 'GET'
    this.label = methodLabel(this.method)
    this.path = pathOf((req as { originalUrl?: string }).originalUrl ?? req.url)
    this.requestId = ids.requestId
    this.tracestate = ids.tracestate
    const fields: Record<string, unknown> = { method: this.method, path: maskBeforeRouting(this.path) }
    if (ids.clientRequestId !== undefined) fields['client_request_id'] = ids.clientRequestId
    // A request served inside another's context (a test, a call to oneself) is a request of its own.
    this.scope = new Scope(undefined, 'request', ids, fields)
    this.scope.subject = this
    requestsInProgress.inc({ method: this.label })
  }

  /** The route template, once it is known: the metrics' label, and what decides which path parameters are secret. */
  set route(route: string) {
    if (this.knownRoute === route) return
    this.knownRoute = route
    const masked = maskByRoute(this.path, route)
    if (masked !== this.path) this.scope.bind({ path: masked })
  }

  get route(): string | undefined {
    return this.knownRoute
  }

  /** What went wrong in answering; the end-of-request event carries it. The first one counts. */
  fail(error: unknown): void {
    if (this.hasError) return
    this.hasError = true
    this.error = error
    // What a handler throws because its client has left is the client's doing.
    this.clientLeft = this.req.aborted || this.res.destroyed
  }

  /** Asks the client to leave after this response; HTTP/2 has no such header. */
  closeConnection(): void {
    if (!this.res.headersSent && this.req.httpVersionMajor === 1) this.res.setHeader('connection', 'close')
  }

  finish(): void {
    this.finishedAt ||= performance.now()
  }

  /** The response is over: metrics, then the one event. Later calls do nothing. */
  end(): void {
    if (this.isOver) return
    this.isOver = true
    const completed = this.finishedAt !== 0
    const ms = (this.finishedAt || performance.now()) - this.startedAt
    const cut = !completed && this.hasError && !this.clientLeft
    const status = completed ? this.res.statusCode : cut ? 500 : 499
    // Routers learn the route last; asking for the context lets them say so.
    this.scope.resolve()
    const route = this.knownRoute ?? 'unmatched'
    requestsTotal.inc({ method: this.label, path: route, status: String(status) })
    requestDuration.observe({ method: this.label, path: route }, ms / 1000)
    requestsInProgress.dec({ method: this.label })
    const fields: Record<string, unknown> = {
      route,
      status,
      duration_ms: Math.round(ms * 1000) / 1000,
    }
    if (cut) fields['response_cut'] = true
    if (!completed && !cut) this.raise(warning, 'request_aborted', fields)
    else if (status >= 500) this.raise(errorLevel, 'request_failed', fields, this.error)
    else this.raise(this.isQuiet() ? debug : info, 'request_completed', fields)
    closed(this)
    // Where the client has left, the handler is still at work, and what it says belongs to the request.
    if (completed) this.scope.end()
  }

  raiseStalled(ageMs: number): void {
    const fields = { route: this.knownRoute, age_ms: Math.round(ageMs), last_event: this.scope.lastEvent }
    log.raise(warning, 'request_stalled', fields, this.scope)
  }

  private raise(level: number, event: string, fields: Record<string, unknown>, error?: unknown): void {
    // A client's own fault is worth its reason, but is no failure of the service: no stack.
    if (this.hasError) fields['error'] = error ?? briefError(this.error)
    log.raise(level, event, fields, this.scope)
  }

  private isQuiet(): boolean {
    return requestSettings.quiet.has(this.path)
  }
}

/**
 * Begins the observation of a request, or returns the one already begun. Its end is taken from the response's own
 * events; listeners of request and response run in the request's context.
 */
export function observe(req: IncomingMessage, res: ServerResponse): Exchange {
  const known = (req as EventEmitter as Observed)[exchangeOf]
  if (known !== undefined) return known
  const exchange = new Exchange(req, res)
  opened(exchange)
  knowServer(req)
  res.setHeader('x-request-id', exchange.requestId)
  if (phase.draining) exchange.closeConnection()
  bindEmit(req, exchange, emitInContext)
  bindEmit(res, exchange, emitOfResponse)
  return exchange
}

/** The observation of this request, if it has begun. */
export function exchangeFor(req: IncomingMessage): Exchange | undefined {
  return (req as EventEmitter as Observed)[exchangeOf]
}

type Emit = (this: Observed, event: string | symbol, ...args: unknown[]) => boolean

// Node emits a request's events from the socket's context, where the store is empty (measured on Node 20). One own
// `emit` for all requests, no closure for each.
function bindEmit(emitter: EventEmitter, exchange: Exchange, emit: Emit): void {
  const observed = emitter as Observed
  observed[exchangeOf] = exchange
  if (Object.hasOwn(emitter, 'emit')) observed[ownEmit] = emitter.emit
  emitter.emit = emit as EventEmitter['emit']
}

function emitInContext(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  const emit = this[ownEmit] ?? (Object.getPrototypeOf(this) as EventEmitter).emit
  if (this.listenerCount(event) === 0) return emit.call(this, event, ...args)
  return scopes.run(this[exchangeOf]!.scope, () => emit.call(this, event, ...args))
}

function emitOfResponse(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  if (event === 'pipe') watchSource(this[exchangeOf]!, args[0] as EventEmitter)
  if (event === 'finish') {
    this[exchangeOf]!.finish()
    const heard = emitInContext.call(this, event, ...args)
    // Node's own listener has by now planned the 'close' that ends the exchange; this is for those that plan none.
    process.nextTick(endOf, this[exchangeOf])
    return heard
  }
  const heard = emitInContext.call(this, event, ...args)
  if (event === 'close') this[exchangeOf]!.end()
  return heard
}

// A stream that breaks midway cuts the response, which alone would look like a client that left. The monitor leaves
// the stream's own error handling as it is.
function watchSource(exchange: Exchange, source: EventEmitter): void {
  source.once(errorMonitor, (error: unknown) => exchange.fail(error))
}

function endOf(exchange: Exchange): void {
  exchange.end()
}
