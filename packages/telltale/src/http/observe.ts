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

type WriteHead = (status: number, ...rest: unknown[]) => ServerResponse

interface Observed extends EventEmitter {
  [exchangeOf]?: Exchange
  [ownEmit]?: EventEmitter['emit']
}

interface ObservedResponse extends Observed {
  [ownWriteHead]?: WriteHead
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
  bindEmit(req, exchange, emitOfRequest)
  bindEmit(res, exchange, emitOfResponse)
  addRequestId(res)
  if (phase.draining) announceClose()
  return exchange
}

/** The observation of this request, if it has begun. */
export function exchangeFor(req: IncomingMessage): Exchange | undefined {
  return (req as Observed)[exchangeOf]
}

// Node emits a request's events from the socket's context, where the store is empty (measured on Node 20). One own
// `emit` for all requests, no closure for each.
function bindEmit(emitter: EventEmitter, exchange: Exchange, emit: typeof emitInContext): void {
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

function emitOfRequest(this: Observed, event: string | symbol, ...args: unknown[]): boolean {
  const heard = emitInContext.call(this, event, ...args)
  if (event === 'close') this[exchangeOf]!.connectionClosed()
  return heard
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

/**
 * Adds the id when the head is written: a header set before makes Node merge all headers one by one, which costs a
 * microsecond where the framework gives them at once (measured with Fastify, which is handed the id by the adapter).
 */
function addRequestId(res: ServerResponse): void {
  const observed = res as EventEmitter as ObservedResponse
  if (Object.hasOwn(res, 'writeHead')) observed[ownWriteHead] = res.writeHead as WriteHead
  res.writeHead = writeHeadWithId as typeof res.writeHead
}

function writeHeadWithId(this: ServerResponse, status: number, ...rest: unknown[]): ServerResponse {
  const observed = this as EventEmitter as ObservedResponse
  const given = rest.at(-1)
  if (!hasRequestId(given) && !this.headersSent && !this.hasHeader(requestIdHeader)) {
    this.setHeader(requestIdHeader, observed[exchangeOf]!.requestId)
  }
  const writeHead =
    observed[ownWriteHead] ?? (Object.getPrototypeOf(this) as { writeHead: WriteHead }).writeHead
  return writeHead.call(this, status, ...rest)
}

function hasRequestId(headers: unknown): boolean {
  return typeof headers === 'object' && headers !== null && requestIdHeader in headers
}
