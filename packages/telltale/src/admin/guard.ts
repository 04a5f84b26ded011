import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isDirectPrivatePeer } from '../http/peer.js'
import { type Address, isLoopback } from './address.js'
import { type Problem, problem } from './answer.js'

const wildcards = new Set(['0.0.0.0', '::'])
const ownPages = new Set([undefined, 'none', 'same-origin'])

/**
 * Why a request may not use the controls, or undefined. A browser on this machine reaches loopback too: what a page of
 * another site sends carries that site's name as `Host` (DNS rebinding), an `Origin` or a `Sec-Fetch-Site`.
 */
export function refusal(
  req: IncomingMessage,
  address: Address,
  token: string | undefined,
): Problem | undefined {
  if (!req.url?.startsWith('/'))
    return problem(400, 'bad_target', 'The target must be a path such as /log/level.')
  if (!isOwnHost(req, address)) {
    return problem(
      403,
      'bad_host',
      'The Host header must be localhost, a loopback address or the host of setup({ admin: { host } }), once.',
    )
  }
  if (req.headers.origin !== undefined)
    return problem(403, 'cross_origin', 'Requests with an Origin header are refused: pages have no access.')
  if (!ownPages.has(text(req.headers['sec-fetch-site'])))
    return problem(403, 'cross_site', 'Requests from pages of other sites are refused.')
  if (token !== undefined) return hasToken(req, token) ? undefined : tokenNeeded()
  if (!isDirectPrivatePeer(req)) {
    return problem(
      403,
      'proxied',
      "Requests that a proxy passes on need a token: setup({ admin: { token: '…' } }).",
    )
  }
  return undefined
}

function isOwnHost(req: IncomingMessage, address: Address): boolean {
  const given = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  const host = nameIn(req.headers.host ?? '')
  if (given.length !== 1 || host === undefined) return false
  if (isLoopback(host)) return true
  if ('path' in address) return false
  // An address, unlike a name, can't be made to mean another machine; a wildcard has no better name.
  if (wildcards.has(address.host)) return host === plain(req.socket.localAddress ?? '')
  return host === plain(address.host)
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
