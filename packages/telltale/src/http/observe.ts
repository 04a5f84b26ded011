import { errorMonitor, type EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { enter } from '../context/scope.js'
import { phase } from '../health/phase.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { Exchange } from './exchange.js'
import { announceClose, opened } from './inflight.js'
import { knowServer } from './servers.js'

export const requestIdHeader = 'x-request-id'

const exchangeOf = Symbol.for('telltale.exchange')
const ownEmit = Symbol('emit')
const ownWriteHead = Symbol('writeHead')

type WriteHead = (this: ObservedResponse, status: number, ...rest: unknown[]) => ServerResponse

type Emit = EventEmitter['emit']

interface Observed extends EventEmitter {
  [exchangeOf]?: Exchange
  [ownEmit]?: Emit
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
  if (response.writeHead !== writeHeadWithId) bindHead(response)
  if (phase.draining) announceClose(exchange)
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
  // A mounted application inherits from its parent's prototypes; what others have put on them is called as it stands.
  if (ownEmit in request || Object.hasOwn(request, 'emit') || Object.hasOwn(response, 'emit')) return
  if (Object.hasOwn(response, 'writeHead')) return
  bindRequest(request as Observed)
  bindResponse(response as ObservedResponse)
  bindHead(response as ObservedResponse)
  Object.assign(request, { [ownEmit]: Object.getPrototypeOf(request).emit as unknown })
  Object.assign(response, { [ownEmit]: Object.getPrototypeOf(response).emit as unknown })
  Object.assign(response, { [ownWriteHead]: Object.getPrototypeOf(response).writeHead as unknown })
}

// Node emits a request's events from the socket's context, where the store is empty (measured on Node 20). One function
// for all requests, no closure for each, save where another library has put its own over one: that one may call the
// function of a bound prototype, so it must not be found there.
function bindRequest(request: Observed): void {
  const theirs = Object.hasOwn(request, 'emit') ? request.emit : undefined
  request.emit =
    theirs === undefined
      ? (emitOfRequest as Emit)
      : function (this: Observed, event: string | symbol, ...args: unknown[]) {
          return emitRequest(this, theirs, event, args)
        }
}

function bindResponse(response: ObservedResponse): void {
  const theirs = Object.hasOwn(response, 'emit') ? response.emit : undefined
  response.emit =
    theirs === undefined
      ? (emitOfResponse as Emit)
      : function (this: Observed, event: string | symbol, ...args: unknown[]) {
          return emitResponse(this, theirs, event, args)
        }
}

/**
 * The id is added when the head is written: a header set before makes Node merge all headers one by one, which costs a
 * microsecond where the framework gives them at once (measured with Fastify, whose adapter hands it the id).
 */
function bindHead(response: ObservedResponse): void {
  const theirs = Object.hasOwn(response, 'writeHead') ? response.writeHead : undefined
  response.writeHead =
    theirs === undefined
      ? writeHeadWithId
      : function (this: ObservedResponse, status: number, ...rest: unknown[]) {
          addId(this, rest)
          return theirs.call(this, status, ...rest)
        }
}

function emitOfRequest(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  return emitRequest(this, baseEmit(this), event, args)
}

function emitOfResponse(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  return emitResponse(this, baseEmit(this), event, args)
}

function baseEmit(emitter: Observed): Emit {
  return emitter[ownEmit] ?? (Object.getPrototypeOf(emitter) as EventEmitter).emit
}

function emitRequest(request: Observed, emit: Emit, event: string | symbol, args: unknown[]): boolean {
  try {
    return emitInContext(request, emit, event, args)
  } finally {
    if (event === 'close') request[exchangeOf]?.connectionClosed()
  }
}

function emitResponse(response: Observed, emit: Emit, event: string | symbol, args: unknown[]): boolean {
  const exchange = response[exchangeOf]
  if (exchange !== undefined && event === 'pipe') watchSource(exchange, args[0] as EventEmitter)
  if (exchange !== undefined && event === 'prefinish') exchange.written()
  if (exchange !== undefined && event === 'finish') exchange.finish()
  if (exchange !== undefined && event === 'close') exchange.closing()
  try {
    return emitInContext(response, emit, event, args)
  } finally {
    if (event === 'close') exchange?.end()
    // Node's own listener has by now planned the 'close' that ends the exchange; this is for those that plan none.
    else if (event === 'finish' && exchange !== undefined) process.nextTick(endOf, exchange)
  }
}

function emitInContext(emitter: Observed, emit: Emit, event: string | symbol, args: unknown[]): boolean {
  const exchange = emitter[exchangeOf]
  if (exchange === undefined || emitter.listenerCount(event) === 0) return emit.call(emitter, event, ...args)
  return enter(exchange.scope, () => emit.call(emitter, event, ...args))
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
  addId(this, rest)
  const exchange = this[exchangeOf]
  // The answer to a client that has left: what follows it is no longer part of the request.
  if (exchange?.isOver === true) process.nextTick(settle, exchange)
  const writeHead = this[ownWriteHead] ?? (Object.getPrototypeOf(this) as { writeHead: WriteHead }).writeHead
  return writeHead.call(this, status, ...rest)
}

function addId(observed: ObservedResponse, rest: readonly unknown[]): void {
  const id = observed[exchangeOf]?.requestId
  const response = observed as EventEmitter as ServerResponse
  if (id === undefined || hasRequestId(rest.at(-1)) || response.headersSent) return
  try {
    if (!response.hasHeader(requestIdHeader)) response.setHeader(requestIdHeader, id)
  } catch (problem) {
    // The application may have put something of its own over it; its response goes without the id.
    reportOnce('request-id-header', `a response could not be given ${requestIdHeader}: ${show(problem)}`)
  }
}

function hasRequestId(headers: unknown): boolean {
  return typeof headers === 'object' && headers !== null && requestIdHeader in headers
}

function settle(exchange: Exchange): void {
  exchange.settled()
}
