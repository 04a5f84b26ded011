import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isOwnHost } from '../http/own-hosts.js'
import { isDirectPrivatePeer } from '../http/peer.js'
import { type Address, isLoopback } from './address.js'
import { type Problem, problem } from './answer.js'

/** What a request is after: probes and scrapers read without a token, whoever uses a control shows that they may. */
export type Purpose = 'control' | 'metrics' | 'health'

/** Where the listener is, and what it wants to be shown. */
export interface Access {
  readonly address: Address
  readonly token: string | undefined
}

const wildcards = new Set(['0.0.0.0', '::'])
const ownPages = new Set([undefined, 'none', 'same-origin'])

/**
 * Why a request is refused, or undefined. A browser on this machine reaches loopback too: what a page of another site sends
 * carries that site's name as `Host` (DNS rebinding), an `Origin` or a `Sec-Fetch-Site`.
 */
export function refusal(req: IncomingMessage, access: Access, purpose: Purpose): Problem | undefined {
  const { address, token } = access
  const mayControl = isTrusted(req, access)
  if (!req.url?.startsWith('/'))
    return problem(400, 'bad_target', 'The target must be a path such as /log/level.')
  const isRead = purpose !== 'control'
  // No page knows the token: who reads with it has not been rebound.
  const isKnown = isRead && token !== undefined && mayControl
  if (!isKnown && !isNamed(req, address, isRead)) return badHost(isRead && !isLocal(address))
  if (req.headers.origin !== undefined)
    return problem(403, 'cross_origin', 'Requests with an Origin header are refused: pages have no access.')
  if (!ownPages.has(text(req.headers['sec-fetch-site'])))
    return problem(403, 'cross_site', 'Requests from pages of other sites are refused.')
  if (purpose === 'health' || mayControl) return undefined
  if (purpose === 'metrics' && isDirectPrivatePeer(req)) return undefined
  if (token !== undefined) return tokenNeeded()
  return problem(
    403,
    'proxied',
    "Requests that a proxy passes on need a token: setup({ admin: { token: '…' } }).",
  )
}

/** Whether a request comes from whoever may use the controls: with the token, or where there is none, from this machine. */
export function isTrusted(req: IncomingMessage, { token }: Access): boolean {
  return token === undefined ? isDirectPrivatePeer(req) : hasToken(req, token)
}

function isNamed(req: IncomingMessage, address: Address, isRead: boolean): boolean {
  const given = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  const isLenient = isRead && !isLocal(address)
  // Load balancers that check in HTTP/1.0 send none; browsers always do.
  if (given.length === 0) return isLenient
  const host = nameIn(req.headers.host ?? '')
  if (given.length !== 1 || host === undefined) return false
  if (isLoopback(host)) return true
  if ('path' in address) return false
  // Scrapers use whatever name they know; these can't be made to mean another machine by who owns a domain.
  if (isLenient && (isIP(host) !== 0 || isOwnHost(host, []))) return true
  // An address, unlike a name, can't be made to mean another machine; a wildcard has no better name.
  if (wildcards.has(address.host)) return host === plain(req.socket.localAddress ?? '')
  return host === plain(address.host)
}

function isLocal(address: Address): boolean {
  return 'path' in address || isLoopback(address.host)
}

function badHost(isLenient: boolean): Problem {
  const accepted = isLenient
    ? 'an IP address, a name without a dot, one below .svc, .cluster.local, .local or .internal, or the host of setup({ admin: { host } }), once; with the token of setup({ admin: { token } }), any'
    : 'localhost, a loopback address or the host of setup({ admin: { host } }), once'
  return problem(403, 'bad_host', `The Host header must be ${accepted}.`)
}

/** The host of a Host header, without its port; undefined for what is none. */
function nameIn(header: string): string | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header)
  return match === null ? undefined : plain(match[1] ?? match[2]!)
}

function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/^::ffff:(?=\d)/, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
}

/** In constant time, whatever the lengths. */
function hasToken(req: IncomingMessage, token: string): boolean {
  const given = /^bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

function tokenNeeded(): Problem {
  const message = 'Send the token of setup({ admin: { token } }) as Authorization: Bearer …'
  return problem(401, 'token_needed', message, { 'www-authenticate': 'Bearer' })
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header
}
