import type { IncomingMessage, Server } from 'node:http'
import { slot } from '../state/state.js'

// Weak: a server that its owner dropped must not live on here.
const known = slot('http.servers', () => new Set<WeakRef<Server>>())
const seen = slot('http.serversSeen', () => new WeakSet<Server>())

const maxServers = 1000

/** Remembers a server for the drain. Cost: one weak lookup a request. */
export function knowServer(req: IncomingMessage): void {
  // A socket that no server accepted has null there.
  const server = (req.socket as { server?: Server | null } | undefined)?.server
  if (server) rememberServer(server)
}

export function rememberServer(server: Server): void {
  if (seen.has(server)) return
  seen.add(server)
  for (const ref of known) if (ref.deref() === undefined) known.delete(ref)
  if (known.size < maxServers) known.add(new WeakRef(server))
}

/** No new connections; idle ones go. Requests under way are left to end. */
export function closeListeners(): void {
  for (const ref of known) {
    const server = ref.deref()
    if (server === undefined) continue
    if (server.listening) server.close()
    server.closeIdleConnections?.()
  }
}
