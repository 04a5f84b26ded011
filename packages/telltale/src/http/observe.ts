import { errorMonitor, type EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { scopes } from '../context/scope.js'
import { phase } from '../health/phase.js'
import { Exchange } from './exchange.js'
import { announceClose, opened } from './inflight.js'
import { knowServer } from './servers.js'

export const requestIdHeader = 'x-request-id'

const exchangeOf = Symbol.for('telltale.exchange')
const ownEmit = Symbol('emit')
const ownWriteHead = Symbol('writeHead')

type WriteHead = (this: ObservedResponse, status: number, ...rest: unknown[]) => ServerResponse

interface Observed extends EventEmitter {
  [exchangeOf]?: Exchange
  [ownEmit]?: EventEmitter['emit']
}

interface ObservedResponse extends Observed {
  [ownWriteHead]?: WriteHead
  writeHead?: WriteHead
}

/**
 * Begins the observation of a request, or returns the one already begun. Its end is taken from the response's own
 * events; listeners of request and response run in the request's context; the response carries the request id.
 */
export function observe(req: IncomingMessage, res: ServerResponse): Exchange {
  const known = exchangeFor(req)
  if (known !== undefined) return known
  const exchange = new Exchange(req, res)
  opened(exchange)
  knowServer(req)
  const [request, response]: [Observed, ObservedResponse] = [req, res as EventEmitter]
  request[exchangeOf] = exchange
  response[exchangeOf] = exchange
  if (request.emit !== emitOfRequest) bindRequest(request)
  if (response.emit !== emitOfResponse) bindResponse(response)
  if (phase.draining) announceClose()
  return exchange
}

/** The observation of this request, if it has begun. */
export function exchangeFor(req: IncomingMessage): Exchange | undefined {
  return (req as Observed)[exchangeOf]
}

/**
 * Binds all requests and responses of an application at once, where a framework gives it prototypes of its own. Cheaper
 * than binding each: an object whose prototype was changed takes new properties slowly (measured with Express).
 */
export function bindPrototypes(request: object, response: object): void {
  // A mounted application inherits from its parent's prototypes.
  if (ownEmit in request) return
  bindRequest(request as Observed)
  bindResponse(response as ObservedResponse)
  Object.assign(request, { [ownEmit]: Object.getPrototypeOf(request).emit as unknown })
  Object.assign(response, { [ownEmit]: Object.getPrototypeOf(response).emit as unknown })
  Object.assign(response, { [ownWriteHead]: Object.getPrototypeOf(response).writeHead as unknown })
}

// Node emits a request's events from the socket's context, where the store is empty (measured on Node 20). One function
// for all requests, no closure for each.
function bindRequest(request: Observed): void {
  if (Object.hasOwn(request, 'emit')) request[ownEmit] = request.emit
  request.emit = emitOfRequest as EventEmitter['emit']
}

/**
 * The id is added when the head is written: a header set before makes Node merge all headers one by one, which costs a
 * microsecond where the framework gives them at once (measured with Fastify, whose adapter hands it the id).
 */
function bindResponse(response: ObservedResponse): void {
  if (Object.hasOwn(response, 'emit')) response[ownEmit] = response.emit
  if (Object.hasOwn(response, 'writeHead')) response[ownWriteHead] = response.writeHead!
  response.emit = emitOfResponse as EventEmitter['emit']
  response.writeHead = writeHeadWithId
}

function emitInContext(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  const emit = this[ownEmit] ?? (Object.getPrototypeOf(this) as EventEmitter).emit
  const exchange = this[exchangeOf]
  if (exchange === undefined || this.listenerCount(event) === 0) return emit.call(this, event, ...args)
  return scopes.run(exchange.scope, () => emit.call(this, event, ...args))
}

function emitOfRequest(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  const heard = emitInContext.call(this, event, ...args)
  if (event === 'close') this[exchangeOf]?.connectionClosed()
  return heard
}

function emitOfResponse(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  const exchange = this[exchangeOf]
  if (exchange === undefined) return emitInContext.call(this, event, ...args)
  if (event === 'pipe') watchSource(exchange, args[0] as EventEmitter)
  if (event === 'finish') {
    exchange.finish()
    const heard = emitInContext.call(this, event, ...args)
    // Node's own listener has by now planned the 'close' that ends the exchange; this is for those that plan none.
    process.nextTick(endOf, exchange)
    return heard
  }
  const heard = emitInContext.call(this, event, ...args)
  if (event === 'close') exchange.end()
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

function writeHeadWithId(this: ObservedResponse, status: number, ...rest: unknown[]): ServerResponse {
  const response = this as EventEmitter as ServerResponse
  const id = this[exchangeOf]?.requestId
  if (
    id !== undefined &&
    !hasRequestId(rest.at(-1)) &&
    !response.headersSent &&
    !response.hasHeader(requestIdHeader)
  ) {
    response.setHeader(requestIdHeader, id)
  }
  const writeHead = this[ownWriteHead] ?? (Object.getPrototypeOf(this) as { writeHead: WriteHead }).writeHead
  return writeHead.call(this, status, ...rest)
}

function hasRequestId(headers: unknown): boolean {
  return typeof headers === 'object' && headers !== null && requestIdHeader in headers
}
