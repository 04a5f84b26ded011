import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** What Node keeps of a connection on which it reads HTTP/1. */
interface Connection extends Socket {
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null
  /** The response that has its turn. */
  readonly _httpMessage?: object | null
}

interface Connections {
  all?(): readonly Entry[]
  idle?(): readonly Entry[]
}

interface Entry {
  readonly socket?: Socket | null
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
  return socketsOf(listOf(server)?.all?.()) ?? []
}

/**
 * Those of them that have had a request, whole, and no part of another, and have nothing left to send. Node's own idle
 * connections are also those whose response was ended and is still on its way. Undefined where Node keeps them elsewhere.
 */
export function idleConnectionsOf(server: Server): Socket[] | undefined {
  return socketsOf(listOf(server)?.idle?.())?.filter(
    (connection) => !(connection as Connection)._httpMessage && hasSentAll(connection),
  )
}

function listOf(server: Server): Connections | undefined {
  const symbol = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === 'http.server.connections',
  )
  return symbol && (server as unknown as Record<symbol, Connections | undefined>)[symbol]
}

function socketsOf(entries: readonly Entry[] | undefined): Socket[] | undefined {
  return entries?.flatMap(({ socket }) => socket ?? [])
}

export function isUnused(connection: Socket): boolean {
  return connection.bytesRead === 0
}

/** Nor with anything left to send. Of one that was upgraded, or speaks HTTP/2, nothing is known here. */
export function isWithoutRequest(connection: Socket): boolean {
  const { parser, _httpMessage: response } = connection as Connection
  return parser?.incoming === null && !response && hasSentAll(connection)
}

function hasSentAll({ writableLength }: Socket): boolean {
  return writableLength === 0
}
