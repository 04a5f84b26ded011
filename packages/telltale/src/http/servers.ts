import type { IncomingMessage, Server } from 'node:http'
import type { ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { activeHandles, connectionsOf, idleConnectionsOf, isUnused, isWithoutRequest } from './connections.js'

/** What a server calls for each request. */
type Listener = (...given: never[]) => unknown
type Recognise = (listener: Listener) => boolean

// Weak: a server that its owner dropped must not live on here.
const known = slot('http.servers', () => new Set<WeakRef<Server>>())
const seen = slot('http.serversSeen', () => new WeakSet<Server>())
// Of HTTP/2, until they close.
const sessions = slot('http.sessions', () => new Set<ServerHttp2Session>())
const own = slot('http.listeners', () => ({ ours: new WeakSet<Listener>(), kinds: new Set<Recognise>() }))

const maxServers = 1000
const closeIdleName = 'closeIdleConnections'

/** Remembers a server for the drain. Cost: one weak lookup a request. */
export function knowServer(req: IncomingMessage): void {
  // A socket that no server accepted has null there.
  const server = (req.socket as { server?: Server | null } | undefined)?.server
  if (server) rememberServer(server)
  if (req.httpVersionMajor === 2) rememberSession(req)
}

export function rememberServer(server: Server): void {
  if (seen.has(server)) return
  seen.add(server)
  for (const ref of known) if (ref.deref() === undefined) known.delete(ref)
  if (known.size < maxServers) known.add(new WeakRef(server))
}

/** A server with this among its listeners for requests is drained, also where it has never had one. */
export function ownListener<T extends Listener>(listener: T): T {
  own.ours.add(listener)
  return listener
}

export function isOwnListener(listener: unknown): boolean {
  return typeof listener === 'function' && own.ours.has(listener as Listener)
}

/** Adds a way to see that a listener leads to one of ours. */
export function recogniseListeners(kind: Recognise): void {
  own.kinds.add(kind)
}

/**
 * Until `closeConnections()`, a connection whose response is still on its way is not idle, whoever closes the server. To
 * Node one is idle as soon as the response was ended: closing the server, which closes idle connections, cuts it off.
 */
export function keepAnswering(): void {
  findListening()
  for (const server of servers()) {
    attempt(() => {
      // Where the application has put one of its own, that one decides.
      if (Object.hasOwn(server, closeIdleName) || idleConnectionsOf(server) === undefined) return
      Object.defineProperty(server, closeIdleName, { value: closeIdle, configurable: true, writable: true })
    })
  }
}

/** No new connections; idle ones go. Requests under way are left to end, and responses on their way to arrive. */
export function closeListeners(): void {
  keepAnswering()
  for (const server of servers()) {
    attempt(() => (server.listening ? server.close() : server.closeIdleConnections?.()))
  }
  for (const session of sessions) attempt(() => session.close())
}

/** Ends connections that nothing has come over. Node counts none of them as idle: their first request is awaited. */
export function closeUnused(): void {
  endConnections(isUnused)
}

/** Ends all connections without a request whose head has been read. */
export function closeWithoutRequest(): void {
  endConnections((connection) => isUnused(connection) || isWithoutRequest(connection))
}

/** Ends whatever connections are left, and the requests on them. Those that were upgraded are no longer the server's. */
export function closeConnections(): void {
  for (const server of servers()) {
    attempt(() => server.closeAllConnections?.())
    attempt(() => server.closeIdleConnections === closeIdle && Reflect.deleteProperty(server, closeIdleName))
  }
  for (const session of sessions) attempt(() => session.destroy())
}

function closeIdle(this: Server): void {
  for (const connection of idleConnectionsOf(this) ?? []) connection.destroy()
}

function endConnections(isToEnd: (connection: Socket) => boolean): void {
  const ours = new Set<unknown>(servers())
  // One whose handshake has not begun is no connection of a TLS server's own.
  const accepted = activeHandles().filter((handle) => ours.has((handle as { server?: unknown }).server))
  for (const server of servers()) accepted.push(...connectionsOf(server))
  for (const connection of accepted as Socket[]) if (isToEnd(connection)) attempt(() => connection.destroy())
}

/** Servers that have not had a request yet. One that listens within a cluster's worker is no handle, and stays unknown. */
function findListening(): void {
  for (const handle of activeHandles()) attempt(() => isOurs(handle) && rememberServer(handle))
}

function isOurs(handle: unknown): handle is Server {
  const { listening, listeners } = handle as Partial<Server>
  if (listening !== true || typeof listeners !== 'function') return false
  return (handle as Server).listeners('request').some((listener) => {
    return isOwnListener(listener) || [...own.kinds].some((kind) => kind(listener as Listener))
  })
}

function rememberSession(req: IncomingMessage): void {
  const { session } = (req as { stream?: { session?: ServerHttp2Session } }).stream ?? {}
  if (session === undefined || session.destroyed || sessions.has(session)) return
  sessions.add(session)
  session.once('close', () => sessions.delete(session))
}

function servers(): Server[] {
  return [...known].flatMap((ref) => ref.deref() ?? [])
}

/** They are the application's, which may have put something of its own over them. */
function attempt(act: () => unknown): void {
  try {
    act()
  } catch (problem) {
    reportOnce('close-server', `a server could not be closed: ${show(problem)}`)
  }
}
