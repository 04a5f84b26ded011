import { slot } from '../state/state.js'
import type { Exchange } from './exchange.js'

const open = slot('http.open', () => new Set<Exchange>())
const waiting = slot('http.waiting', () => ({
  resolve: undefined as (() => void) | undefined,
  scan: undefined as NodeJS.Timeout | undefined,
}))

const firstStallMs = 10_000
const scanMs = 1000

export function openExchanges(): ReadonlySet<Exchange> {
  return open
}

export function opened(exchange: Exchange): void {
  open.add(exchange)
  if (waiting.scan === undefined) {
    waiting.scan = setInterval(sayStalled, scanMs)
    waiting.scan.unref()
  }
}

/**
 * `Connection: close` on the last open response of each connection: on an earlier one it would cut off those pipelined
 * behind it.
 */
export function announceClose(): void {
  const followed = new Set<unknown>()
  for (const { req, res } of [...open].reverse()) {
    if (!res.headersSent && req.httpVersionMajor === 1) {
      if (followed.has(req.socket)) res.removeHeader('connection')
      else res.setHeader('connection', 'close')
    }
    followed.add(req.socket)
  }
}

export function closed(exchange: Exchange): void {
  open.delete(exchange)
  if (open.size === 0) waiting.resolve?.()
}

/** Resolves to true when no request is open, or to false after `timeoutMs`. */
export async function allClosed(timeoutMs: number): Promise<boolean> {
  if (open.size === 0) return true
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
  return [...open].map((exchange) => {
    exchange.cutShort()
    destroyConnection(exchange.req)
    return `request ${exchange.method} ${String(exchange.scope.field('path'))} ${exchange.requestId}`
  })
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
