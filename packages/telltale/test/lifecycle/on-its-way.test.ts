import express from 'express'
import Fastify, { type FastifyInstance } from 'fastify'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observeExpress } from '../../src/adapters/express.js'
import { observeFastify } from '../../src/adapters/fastify.js'
import { observeHttp } from '../../src/adapters/http.js'
import { openExchanges } from '../../src/http/inflight.js'
import { gauge } from '../../src/index.js'
import { Capture } from '../support/capture.js'
import { RawConnection } from '../support/client.js'
import { until } from '../support/until.js'

// More than both ends of a connection hold on loopback.
const bytes = 20_000_000
const body = Buffer.alloc(bytes, 'x')
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

let log: Capture
let app: FastifyInstance
const servers: NetServer[] = []
const clients: RawConnection[] = []

beforeEach(() => {
  log = new Capture({ lifecycle: { drainTimeoutMs: 15_000 } })
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy()
  await log.telltale.shutdown()
  for (const server of servers.splice(0)) server.close()
})

const whole = { 'content-length': String(bytes) }
const send: Record<string, (res: ServerResponse) => void> = {
  end: (res) => void res.writeHead(200, whole).end(body),
  pipe: (res) => void Readable.from([body]).pipe(res.writeHead(200, whole)),
}

const start: Record<string, (how: string) => Promise<Server>> = {
  http: (how) => listening(createServer(observeHttp((_req, res) => send[how]!(res)))),
  express: (how) => listening(createServer(express().use(observeExpress(), (_req, res) => send[how]!(res)))),
  async fastify(how) {
    app = Fastify()
    await app.register(observeFastify)
    app.get('/report', (_request, reply) => {
      void reply.headers(whole)
      return reply.send(how === 'end' ? body : Readable.from([body]))
    })
    await app.ready()
    return listening(app.server)
  },
}

async function listening(server: Server): Promise<Server> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** A client that has asked and reads nothing yet, once the response was ended and is on its way. */
async function slowly(server: Server, path = '/report'): Promise<RawConnection> {
  const response = new Promise<ServerResponse>((resolve) => {
    server.once('request', (_req: IncomingMessage, res: ServerResponse) => resolve(res))
  })
  const client = new RawConnection((server.address() as AddressInfo).port)
  clients.push(client)
  client.socket.pause()
  client.send(get(path))
  const res = await response
  await until('it was ended', () => res.writableEnded)
  expect(res.socket!.writableLength).toBeGreaterThan(0)
  return client
}

const bodyOf = (client: RawConnection): string => client.text.slice(client.text.indexOf('\r\n\r\n') + 4)

describe.each(['http', 'express', 'fastify'])('%s', (kind) => {
  test.each(['end', 'pipe'])('by %s(): what is on its way to a slow client arrives whole', async (how) => {
    const server = await start[kind]!(how)
    const client = await slowly(server)
    const over = log.telltale.shutdown()
    await until('it listens no more', () => !server.listening)
    expect(log.events('request_completed')).toEqual([])
    client.socket.resume()
    await over
    await client.closed
    expect(bodyOf(client)).toHaveLength(bytes)
    expect(client.text).toMatch(/^HTTP\/1\.1 200 /)
    expect(log.one('request_completed')).toMatchObject({ path: '/report', status: 200 })
    expect(log.one('shutdown_completed').level).toBe('info')
    expect(Object.hasOwn(server, 'closeIdleConnections')).toBe(false)
  })
})

test("a way to close idle connections that is the application's own stays and is used", async () => {
  const server = await start['http']!('end')
  let calls = 0
  const own = (): void => void calls++
  server.closeIdleConnections = own
  await log.telltale.shutdown()
  expect(calls).toBe(1)
  expect(server.closeIdleConnections).toBe(own)
})

describe('an application that closes its server itself while the drain delay goes on', () => {
  test.each(['http', 'fastify'])('%s: cuts nothing that is on its way', async (kind) => {
    await log.telltale.shutdown()
    log = new Capture({ lifecycle: { drainDelayMs: 100, drainTimeoutMs: 15_000 } })
    const server = await start[kind]!('end')
    const client = await slowly(server)
    const idle = new RawConnection((server.address() as AddressInfo).port)
    clients.push(idle)
    idle.send('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
    await until('it is answered', () => idle.text.includes('"ok"'))
    const over = log.telltale.shutdown()
    const closed = kind === 'fastify' ? app.close() : new Promise((resolve) => server.close(resolve))
    await idle.closed
    client.socket.resume()
    await Promise.all([over, closed])
    expect(bodyOf(client)).toHaveLength(bytes)
    expect(log.one('request_completed')).toMatchObject({ path: '/report', status: 200 })
    expect(log.one('shutdown_completed').level).toBe('info')
  })
})

test('over HTTP/2 it arrives whole, too', async () => {
  const handler = observeHttp(((_req: unknown, res: ServerResponse) => send['end']!(res)) as never)
  const server = createHttp2(handler as never)
  await listening(server as never)
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stream = session.request({ ':path': '/report' })
  await new Promise((resolve) => stream.once('response', resolve))
  const over = log.telltale.shutdown()
  await until('it listens no more', () => !server.listening)
  let received = 0
  stream.on('data', (chunk: Buffer) => (received += chunk.length))
  await over
  expect(received).toBe(bytes)
  expect(log.one('request_completed')).toMatchObject({ path: '/report', status: 200 })
})

test('a client that does not read in time is cut off, which is said', async () => {
  await log.telltale.shutdown()
  log = new Capture({ lifecycle: { drainTimeoutMs: 200 } })
  const client = await slowly(await start['http']!('end'))
  const { requestId } = [...openExchanges()][0]!
  await log.telltale.shutdown()
  expect(log.one('shutdown_completed')).toMatchObject({
    level: 'warning',
    cut: [`request GET /report ${requestId}`],
  })
  expect(log.one('request_aborted')).toMatchObject({ request_id: requestId, reason: 'shutdown', status: 499 })
  client.socket.resume()
  await client.closed
  expect(bodyOf(client).length).toBeLessThan(bytes)
})

describe('the metrics', () => {
  const series = 80_000
  beforeEach(async () => {
    await log.telltale.shutdown()
    log = new Capture({ lifecycle: { drainTimeoutMs: 400 }, metrics: { process: false, maxSeries: series } })
    const long = 'a label that makes the answer larger than what a connection holds'
    const sizes = gauge('export_bytes', { help: 'Bytes of an export.', labels: { name: String } })
    for (let n = 0; n < series; n++) sizes.set({ name: `${n} ${long}` }, n)
  })

  test('for a scraper that reads nothing are cut off at the end, and named', async () => {
    const client = await slowly(await start['http']!('end'), '/metrics?name[]=export_bytes')
    await log.telltale.shutdown()
    expect(log.one('shutdown_completed')).toMatchObject({ level: 'warning', cut: ['request GET /metrics'] })
    client.socket.resume()
    await client.closed
  })
})
