import { isIP } from 'node:net'
import { show } from '../self/show.js'
import { addressOf, isLoopback } from './address.js'

export interface AdminOptions {
  /** The port to listen on; 0 takes a free one, which the event `admin_listening` names. Not with a Unix socket. */
  readonly port?: number
  /**
   * The address to listen on, default `127.0.0.1`; a path that begins with `/` or `unix:` is a Unix socket, readable and
   * writable by its owner alone. What is not loopback needs a token.
   */
  readonly host?: string
  /** What requests must carry as `Authorization: Bearer …`; default nothing, on loopback and on a Unix socket. */
  readonly token?: string
}

const accepted = ['port', 'host', 'token']
const hostName = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i
const headerText = /^[\x21-\x7e]+$/

/** Throws a TypeError that names the option and what it takes; never a token's text. */
export function checkAdmin(options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw refused('admin', `an object with ${accepted.join(', ')}`, described(options))
  const unknown = Object.keys(options).find((name) => !accepted.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`setup(): admin.${unknown} is not an option; admin takes ${accepted.join(', ')}.`)
  const { port, host, token } = options as Record<string, unknown>
  if (token !== undefined && !(typeof token === 'string' && headerText.test(token)))
    throw refused(
      'admin.token',
      'a string of visible ASCII characters without spaces',
      `a ${typeof token} that is none`,
    )
  if (host !== undefined && !isHost(host))
    throw refused(
      'admin.host',
      "an address, a host name without a port, or a path such as '/run/service.sock'",
      described(host),
    )
  const address = addressOf({ ...(host !== undefined && { host: host as string }) })
  if ('path' in address) {
    if (port !== undefined)
      throw new TypeError('setup(): admin.port is given though admin.host is a Unix socket; leave one out.')
    return
  }
  if (!(Number.isSafeInteger(port) && Number(port) >= 0 && Number(port) <= 65_535))
    throw refused('admin.port', 'a whole number from 0 to 65535', described(port))
  if (token === undefined && !isLoopback(address.host))
    throw new TypeError(
      `setup(): admin.host "${address.host}" can be reached from other machines, so admin.token is needed; ` +
        'without one, leave admin.host out: it is 127.0.0.1 then.',
    )
}

function isHost(host: unknown): boolean {
  if (typeof host !== 'string' || host.includes('\0')) return false
  const address = addressOf({ host })
  return 'path' in address ? address.path !== '' : isIP(host) !== 0 || hostName.test(host)
}

function refused(name: string, takes: string, got: string): TypeError {
  return new TypeError(`setup(): ${name} must be ${takes}, got ${got}.`)
}

function described(value: unknown): string {
  if (typeof value === 'string') return `string ${JSON.stringify(show(value))}`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return value === undefined || value === null ? String(value) : `${typeof value} ${show(value)}`
}
