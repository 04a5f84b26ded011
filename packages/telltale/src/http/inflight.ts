import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Scope } from '../context/scope.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import type { Exchange } from './exchange.js'
import { pathOf } from './path.js'

const open = slot('http.open', () => new Set<Exchange>())
// A set of its own: to metrics and events these are over.
const unanswered = slot('http.unanswered', () => new Set<Unanswered>())
// What answers for itself and takes a moment, a scrape: waited for, and no request of the application's.
const answering = slot('http.answering', () => new Set<ServerResponse>())
// The response of each connection that says it closes.
const announced = slot('http.announced', () => new WeakMap<Socket, ServerResponse>())
const waiting = slot('http.waiting', () => ({
  resolve: undefined as (() => void) | undefined,
  scan: undefined as NodeJS.Timeout | undefined,
}))

/** Whose client has left while its handler was at work. Nothing of request and response: the handler may never end. */
export interface Unanswered {
  readonly method: string
  readonly requestId: string
  readonly route: string | undefined
  readonly startedAt: number
  readonly scope: Scope
  readonly hasLeft: true
}

export type UnderWay = Exchange | Unanswered

const firstStallMs = 10_000
const scanMs = 1000

export function openExchanges(): ReadonlySet<Exchange> {
  return open
}

/** Open requests, and those whose handler is at work though their client has left; oldest first. */
export function requestsUnderWay(): ReadonlySet<UnderWay> {
  if (unanswered.size === 0) return open
  return new Set([...unanswered, ...open].toSorted((a, b) => a.startedAt - b.startedAt))
}

/** The drain waits for this one, too, until `answered()`. */
export function leftUnanswered(one: Unanswered): void {
  unanswered.add(one)
}

export function answered(one: Unanswered): void {
  if (unanswered.delete(one) && areAllClosed()) waiting.resolve?.()
}

export function opened(exchange: Exchange): void {
  open.add(exchange)
  if (waiting.scan === undefined) {
    waiting.scan = setInterval(sayStalled, scanMs)
    waiting.scan.unref()
  }
}

/** As `announceClose()`, on each connection that has an open request. */
export function announceCloses(): void {
  const last = new Map<unknown, Exchange>()
  for (const exchange of open) last.set(exchange.req.socket, exchange)
  for (const exchange of last.values()) announceClose(exchange)
}

/**
 * `Connection: close` on this response, the last one of its connection: on an earlier one, which had it until now, it
 * would cut off this one. Never throws: the response is the application's, which may have put something of its own over it.
 */
export function announceClose({ req, res }: Exchange): void {
  // What stands in for a request may have no connection.
  const connection = req.socket as Socket | undefined
  if (req.httpVersionMajor !== 1 || connection === undefined) return
  try {
    const before = announced.get(connection)
    if (before?.headersSent === false) before.removeHeader('connection')
    if (res.headersSent) return
    res.setHeader('connection', 'close')
    announced.set(connection, res)
  } catch (problem) {
    reportOnce('announce-close', `a response could not be given Connection: close: ${show(problem)}`)
  }
}

export function closed(exchange: Exchange): void {
  open.delete(exchange)
  if (areAllClosed()) waiting.resolve?.()
}

/** The drain waits for this response, too. */
export function answersLater(res: ServerResponse): void {
  if (res.closed) return
  answering.add(res)
  res.once('close', () => {
    answering.delete(res)
    if (areAllClosed()) waiting.resolve?.()
  })
}

/** No request is open or worked on, and nothing that answers for itself is on its way. */
export function areAllClosed(): boolean {
  return open.size === 0 && unanswered.size === 0 && answering.size === 0
}

/** Resolves to true when nothing of `areAllClosed()` is left, or to false after `timeoutMs`. */
export async function allClosed(timeoutMs: number): Promise<boolean> {
  if (areAllClosed()) return true
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(false), timeoutMs)
    const done = (all: boolean): void => {
      clearTimeout(timer)
      waiting.resolve = undefined
      resolve(all)
    }
    waiting.resolve = () => done(true)
  })
}

/** Ends what is open, and its connections: a client is not to wait for what nobody will answer. Returns what it was. */
export function cutOpen(): string[] {
  const requests = [...open].map((exchange) => {
    exchange.cutShort()
    destroyConnection(exchange.req)
    return nameOf(exchange)
  })
  const left = [...unanswered].map((one) => `${nameOf(one)}, whose client has left`)
  unanswered.clear()
  const answers = [...answering].map(({ req }) => {
    destroyConnection(req)
    return `request ${req.method} ${pathOf((req as { originalUrl?: string }).originalUrl ?? req.url)}`
  })
  return [...requests, ...left, ...answers]
}

function nameOf({ method, scope, requestId }: UnderWay): string {
  return `request ${method} ${String(scope.field('path'))} ${requestId}`
}

function destroyConnection({ socket }: Exchange['req']): void {
  try {
    // What stands in for a connection, in a test say, may have nothing to destroy.
    ;(socket as Partial<typeof socket> | undefined)?.destroy?.()
  } catch {
    // Of an HTTP/2 session that is over.
  }
}

/** Said at 10 s, 20 s, 40 s …: one timer for all requests, and none of their own. */
function sayStalled(): void {
  const now = performance.now()
  for (const exchange of open) {
    const age = now - exchange.startedAt
    if (age >= (exchange.nextStallMs || firstStallMs)) {
      exchange.nextStallMs = age * 2
      exchange.raiseStalled(age)
    }
  }
  if (open.size === 0) {
    clearInterval(waiting.scan)
    waiting.scan = undefined
  }
}
