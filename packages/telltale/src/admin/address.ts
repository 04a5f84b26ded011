import { isIP } from 'node:net'
import type { AdminOptions } from './options.js'

/** A TCP port, or the path of a Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string }

const loopback = '127.0.0.1'
const socketPrefix = 'unix:'

/** Where to listen; the options have been checked. */
export function addressOf({ host = loopback, port = 0 }: AdminOptions): Address {
  if (host.startsWith(socketPrefix)) return { path: host.slice(socketPrefix.length) }
  return host.startsWith('/') ? { path: host } : { host, port }
}

/** A name or an address by which nobody outside of this machine is reached. */
export function isLoopback(host: string): boolean {
  const plain = host.toLowerCase().replace(/^::ffff:(?=\d)/, '')
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

/** `http://127.0.0.1:9464`, `http://[::1]:9464` or `unix:/run/service.sock`. */
export function urlOf(address: Address): string {
  if ('path' in address) return `${socketPrefix}${address.path}`
  const { host, port } = address
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}
