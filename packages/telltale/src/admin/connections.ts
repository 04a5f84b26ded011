import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

// What a client that is slow, or many, can hold: connections times the time that each may take.
const most = 256
const idleMs = 5000
const longestMs = 120_000

/** The request under way on each connection, oldest connection first. */
type Open = Map<Socket, { readonly req: IncomingMessage; readonly res: ServerResponse } | undefined>

/**
 * Bounds the connections of a server. One that waits for its client is cut when nothing has come for 5 s, and is the first to
 * make room where there are too many: who opens connections and says nothing keeps no probe out. While its answer is made,
 * however long a scrape takes, a connection stays; none grows older than two minutes. None keeps the process alive.
 */
export function boundConnections(server: Server): void {
  const open: Open = new Map()
  server.setTimeout(idleMs)
  server.on('timeout', (socket) => {
    if (!isBusy(open, socket)) socket.destroy()
  })
  server.on('connection', (socket) => {
    socket.unref()
    if (open.size >= most && !makeRoom(open)) {
      socket.destroy()
      return
    }
    open.set(socket, undefined)
    const end = setTimeout(() => socket.destroy(), longestMs).unref()
    socket.once('close', () => {
      clearTimeout(end)
      open.delete(socket)
    })
  })
  server.on('request', (req, res) => {
    if (open.has(req.socket)) open.set(req.socket, { req, res })
  })
}

function makeRoom(open: Open): boolean {
  for (const socket of open.keys()) {
    if (isBusy(open, socket)) continue
    open.delete(socket)
    socket.destroy()
    return true
  }
  return false
}

/** The client has said all, and has been told nothing yet. */
function isBusy(open: Open, socket: Socket): boolean {
  const under = open.get(socket)
  return under !== undefined && under.req.complete && !under.res.headersSent
}
