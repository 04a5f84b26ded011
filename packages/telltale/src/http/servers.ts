import type { IncomingMessage, Server } from 'node:http'
import type { ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { slot } from '../state/state.js'
import { activeHandles, connectionsOf, isUnused, isWithoutRequest } from './connections.js'

/** What a server calls for each request. */
type Listener = (...given: never[]) => unknown
type Recognise = (listener: Listener) => boolean

// Weak: a server that its owner dropped must not live on here.
const known = slot('http.servers', () => new Set<WeakRef<Server>>())
const seen = slot('http.serversSeen', () => new WeakSet<object>())
const sessions = slot('http.sessions', () => new Set<WeakRef<ServerHttp2Session>>())
const own = slot('http.listeners', () => ({ ours: new WeakSet<Listener>(), kinds: new Set<Recognise>() }))

const maxServers = 1000
const maxSessions = 10_000

/** Remembers a server for the drain. Cost: one weak lookup a request. */
export function knowServer(req: IncomingMessage): void {
  // A socket that no server accepted has null there.
  const server = (req.socket as { server?: Server | null } | undefined)?.server
  if (server) rememberServer(server)
  if (req.httpVersionMajor === 2) rememberSession(req)
}

export function rememberServer(server: Server): void {
  remember(server, known, maxServers)
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

/** No new connections; idle ones go. Requests under way are left to end. */
export function closeListeners(): void {
  findListening()
  for (const server of servers()) {
    attempt(() => server.listening && server.close())
    attempt(() => server.closeIdleConnections?.())
  }
  for (const session of living(sessions)) attempt(() => session.close())
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
  for (const server of servers()) attempt(() => server.closeAllConnections?.())
  for (const session of living(sessions)) attempt(() => session.destroy())
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
  for (const handle of activeHandles()) if (isOurs(handle)) rememberServer(handle)
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
  if (session !== undefined) remember(session, sessions, maxSessions)
}

function remember<T extends object>(one: T, all: Set<WeakRef<T>>, max: number): void {
  if (seen.has(one)) return
  seen.add(one)
  for (const ref of all) if (ref.deref() === undefined) all.delete(ref)
  if (all.size < max) all.add(new WeakRef(one))
}

function servers(): Server[] {
  return living(known)
}

/** They are the application's, which may have put something of its own over them. */
function attempt(act: () => unknown): void {
  try {
    act()
  } catch (problem) {
    reportOnce('close-server', `a server could not be closed: ${show(problem)}`)
  }
}

function living<T extends object>(refs: Iterable<WeakRef<T>>): T[] {
  return [...refs].flatMap((ref) => ref.deref() ?? [])
}
