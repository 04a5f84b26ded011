import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { boundConnections } from './connections.js'

class FakeSocket extends EventEmitter {
  isDestroyed = false
  unref(): void {}
  destroy(): void {
    this.isDestroyed = true
    this.emit('close')
  }
}

class FakeServer extends EventEmitter {
  setTimeout(): void {}
  connect(): FakeSocket {
    const socket = new FakeSocket()
    this.emit('connection', socket)
    return socket
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(): FakeServer {
  const server = new FakeServer()
  boundConnections(server as EventEmitter as Server)
  return server
}

describe('boundConnections', () => {
  it('ends an idle connection, unless its answer is being made', () => {
    const server = start()
    const [silent, sending, served, reading] = Array.from({ length: 4 }, () => server.connect())
    server.emit('request', { socket: sending, complete: false }, { headersSent: false })
    server.emit('request', { socket: served, complete: true }, { headersSent: false })
    server.emit('request', { socket: reading, complete: true }, { headersSent: true })
    for (const socket of [silent, sending, served, reading]) server.emit('timeout', socket)
    expect([silent, sending, served, reading].map((socket) => socket!.isDestroyed)).toEqual([
      true,
      true,
      false,
      true,
    ])
  })

  it('ends whatever connection is two minutes old', () => {
    const server = start()
    const served = server.connect()
    server.emit('request', { socket: served, complete: true }, { headersSent: false })
    vi.advanceTimersByTime(119_000)
    expect(served.isDestroyed).toBe(false)
    vi.advanceTimersByTime(2000)
    expect(served.isDestroyed).toBe(true)
  })

  it('where all answers are being made takes no further connection', () => {
    const server = start()
    const served = Array.from({ length: 256 }, () => server.connect())
    for (const socket of served) server.emit('request', { socket, complete: true }, { headersSent: false })
    expect(server.connect().isDestroyed).toBe(true)
    expect(served.some(({ isDestroyed }) => isDestroyed)).toBe(false)
    served[0]!.destroy()
    expect(server.connect().isDestroyed).toBe(false)
  })

  it('forgets connections that have ended, and leaves no timer behind', () => {
    const server = start()
    for (let n = 0; n < 1000; n++) server.connect().destroy()
    expect(vi.getTimerCount()).toBe(0)
    const late = server.connect()
    late.destroy()
    server.emit('request', { socket: late, complete: true }, { headersSent: false })
    const waiting = Array.from({ length: 256 }, () => server.connect())
    expect(waiting.some(({ isDestroyed }) => isDestroyed)).toBe(false)
  })
})
