import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** What Node keeps of a connection on which it reads HTTP/1. */
interface Connection extends Socket {
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null
  /** The response that has its turn. */
  readonly _httpMessage?: object | null
}

interface Connections {
  all?(): readonly { readonly socket?: Socket | null }[]
}

/**
 * The process's open servers and sockets; none where Node has no such list any more. Its documentation advises against
 * `process._getActiveHandles()` (DEP0161); there is no other way to find a server that has never had a request.
 */
export function activeHandles(): object[] {
  try {
    return (process as { _getActiveHandles?(): object[] })._getActiveHandles?.() ?? []
  } catch {
    return []
  }
}

/** A server's HTTP/1 connections, those over TLS too; none where Node keeps them elsewhere. */
export function connectionsOf(server: Server): Socket[] {
  const symbol = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === 'http.server.connections',
  )
  if (symbol === undefined) return []
  const connections = (server as unknown as Record<symbol, Connections | undefined>)[symbol]
  return connections?.all?.().flatMap(({ socket }) => socket ?? []) ?? []
}

export function isUnused(connection: Socket): boolean {
  return connection.bytesRead === 0
}

/** Of one that was upgraded, or speaks HTTP/2, nothing is known here. */
export function isWithoutRequest({ parser, _httpMessage: response }: Connection): boolean {
  return parser?.incoming === null && !response
}
