import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

// What a client that is slow, or many, can hold: connections times the time that each may take.
const most = 256
const idleMs = 5000
const longestMs = 120_000

interface Served {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/**
 * The connections of a server, bounded. One that waits for its client is cut when nothing has come for 5 s, and is the first to
 * make room where there are too many: who opens connections and says nothing keeps no probe out. While its answer is made,
 * however long a scrape takes, a connection stays; none is older than two minutes. None keeps the process alive.
 */
export class Connections {
  /** Oldest first. */
  readonly #open = new Map<Socket, Served | undefined>()

  constructor(server: Server) {
    server.setTimeout(idleMs)
    server.on('connection', (socket) => this.#add(socket))
    server.on('request', (req, res) => void this.#open.set(req.socket, { req, res }))
    server.on('timeout', (socket) => {
      if (!this.#isBusy(socket)) socket.destroy()
    })
  }

  #add(socket: Socket): void {
    socket.unref()
    if (this.#open.size >= most && !this.#makeRoom()) {
      socket.destroy()
      return
    }
    this.#open.set(socket, undefined)
    const end = setTimeout(() => socket.destroy(), longestMs).unref()
    socket.once('close', () => {
      clearTimeout(end)
      this.#open.delete(socket)
    })
  }

  #makeRoom(): boolean {
    for (const socket of this.#open.keys()) {
      if (this.#isBusy(socket)) continue
      this.#open.delete(socket)
      socket.destroy()
      return true
    }
    return false
  }

  /** The client has said all, and has been told nothing yet. */
  #isBusy(socket: Socket): boolean {
    const served = this.#open.get(socket)
    return served !== undefined && served.req.complete && !served.res.headersSent
  }
}
