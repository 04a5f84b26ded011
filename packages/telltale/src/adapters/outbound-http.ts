import { subscribe } from 'node:diagnostics_channel'
import { errorMonitor } from 'node:events'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import { Call } from '../http/outbound.js'
import { hostOf, targetOf } from '../http/target.js'
import { isUnobserved } from '../http/unobserved.js'

/** The parts of a request that Node's types leave out. */
interface Request extends ClientRequest {
  res?: (IncomingMessage & { upgrade?: boolean }) | null
  _header?: string | null
  _headerSent?: boolean
  outputData?: { data: unknown }[]
}

// Weak: a request that never ends must not be kept by its observer.
const calls = new WeakMap<object, Call>()

/** All requests of `node:http` and `node:https`, whoever makes them. */
export function observeNodeHttp(): void {
  if (tellsOfNewRequests()) subscribe('http.client.request.created', (message) => begin(requestIn(message)))
  else {
    wrap(http)
    wrap(https)
    syncBuiltinESMExports()
  }
  // Published with the head of the response, before the caller learns of it.
  subscribe('http.client.response.finish', (message) =>
    answered(requestIn(message), (message as { response: IncomingMessage }).response),
  )
}

/** `http.client.request.created` came with Node 22.12 and 23.2. */
function tellsOfNewRequests(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > 23 || (major === 23 && minor >= 2) || (major === 22 && minor >= 12)
}

/**
 * Proxies, so that length, name, own properties and text stay the originals', and whatever wraps them before or after
 * us finds what it expects. They stay: another's wrapper may hold on to them.
 */
function wrap(module: Pick<typeof http, 'request' | 'get'>): void {
  const request = new Proxy(module.request, {
    apply(original, self, parameters) {
      const made = Reflect.apply(original as (...parameters: unknown[]) => ClientRequest, self, parameters)
      begin(made)
      return made
    },
  })
  module.request = request
  // Node's own `get` has ended the request when it returns: too late for headers.
  module.get = new Proxy(module.get, {
    apply(_original, self, parameters) {
      const made = Reflect.apply(request as (...parameters: unknown[]) => ClientRequest, self, parameters)
      made.end()
      return made
    },
  })
}

function requestIn(message: unknown): Request {
  return (message as { request: Request }).request
}

/** The request is made and nothing of it is sent. */
function begin(req: Request): void {
  try {
    if (isUnobserved() || calls.has(req)) return
    const call = new Call(targetOf(req.method, authorityOf(req), req.path))
    calls.set(req, call)
    // Neither keeps an error from being uncaught nor a response from being thrown away, as their own listeners would.
    req.once(errorMonitor, (error: unknown) => call.failed(error))
    req.once('close', () => closed(req, call))
    addHeaders(
      req,
      call.propagation((name) => headerOf(req, name) !== undefined),
    )
  } catch {
    // What stands in for a request in somebody's tests: it goes unobserved, and on its way.
  }
}

function answered(req: Request, response: IncomingMessage): void {
  const call = calls.get(req)
  if (call === undefined) return
  call.answered(response.statusCode ?? 0)
  response.once('end', () => call.completed())
}

/** Where the response was read to its end, or the request failed, the call is over by now. */
function closed({ res }: Request, call: Call): void {
  if (!res) return call.failed(new Error('closed before an answer came'))
  // After an upgrade or a CONNECT the connection is the caller's own.
  if (res.upgrade === true) call.answered(res.statusCode ?? 0)
  if (res.complete || res.upgrade === true) call.completed()
  else call.failed(res.errored ?? new Error('the response was cut'))
}

/** Where the connection goes; with the port if the `Host` header is about the same host. */
function authorityOf(req: Request): string {
  const host = hostOf(`${req.protocol}//${isIP(req.host) === 6 ? `[${req.host}]` : req.host}`)
  const named = hostOf(`${req.protocol}//${headerOf(req, 'host') ?? ''}`)
  return named.replace(/:\d+$/, '') === host ? named : host
}

function headerOf(req: Request, name: string): string | undefined {
  if (typeof req._header !== 'string') return req.hasHeader(name) ? String(req.getHeader(name)) : undefined
  const start = req._header.toLowerCase().indexOf(`\r\n${name}:`)
  if (start < 0) return undefined
  const value = start + name.length + 3
  return req._header.slice(value, req._header.indexOf('\r\n', value)).trim()
}

function addHeaders(req: Request, headers: readonly (readonly [string, string])[]): void {
  const head = req._header
  if (typeof head !== 'string') {
    for (const [name, value] of headers) req.setHeader(name, value)
    return
  }
  // Given as a list, or with `Expect` among them, headers are text by now. It waits for its connection.
  const [waiting] = req.outputData ?? []
  const isWaiting = req._headerSent !== true || waiting?.data === head
  if (!isWaiting || !head.endsWith('\r\n\r\n')) return
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  req._header = `${head.slice(0, -2)}${lines}\r\n`
  if (waiting?.data === head) waiting.data = req._header
}
