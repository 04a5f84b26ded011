import express from 'express'
import Fastify from 'fastify'
import { createServer, type RequestListener } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2, createSecureServer } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observeExpress } from '../../src/adapters/express.js'
import { observeFastify } from '../../src/adapters/fastify.js'
import { observeHttp } from '../../src/adapters/http.js'
import { onShutdown } from '../../src/index.js'
import { openExchanges } from '../../src/http/inflight.js'
import { Capture } from '../support/capture.js'
import { selfSigned } from '../support/certificate.js'
import { ask, RawConnection } from '../support/client.js'
import { gate, until } from '../support/until.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const tls = selfSigned('drained')

let log: Capture
const servers: NetServer[] = []
const clients: RawConnection[] = []
/** Connections that servers have accepted and not closed. */
const accepted = new Set<Socket>()

beforeEach(() => {
  log = new Capture({ lifecycle: { drainTimeoutMs: 10_000, flushTimeoutMs: 10_000 } })
})

afterEach(async () => {
  await log.telltale.shutdown()
  for (const server of servers.splice(0)) server.close()
  for (const client of clients.splice(0)) client.socket.destroy()
  for (const socket of accepted) socket.destroy()
  accepted.clear()
})

async function listening<T extends NetServer>(server: T): Promise<T & { readonly port: number }> {
  servers.push(server)
  server.on('connection', (socket: Socket) => {
    accepted.add(socket)
    socket.on('close', () => accepted.delete(socket))
  })
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(server, { port: (server.address() as AddressInfo).port })
}

/** A connection that the server has accepted. */
async function connected(server: { readonly port: number }): Promise<RawConnection> {
  const before = accepted.size
  const client = new RawConnection(server.port)
  clients.push(client)
  await until('the connection is accepted', () => accepted.size > before)
  return client
}

const openCount = (): number => openExchanges().size

/** As frameworks do, which wait for every connection; else the hook would be named. */
function closesInAHook(server: NetServer): void {
  const closed = new Promise((resolve) => server.once('close', resolve))
  onShutdown('server', () => closed)
}

const answer: RequestListener = (_req, res) => void res.end('ok')

const unasked: Record<string, () => Promise<NetServer & { readonly port: number }>> = {
  http: () => listening(createServer(observeHttp(answer))),
  https: () => listening(createHttps(tls, observeHttp(answer))),
  http2: () => listening(createHttp2(observeHttp(answer as never) as never)),
  'http2 over TLS': () =>
    listening(createSecureServer({ ...tls, allowHTTP1: true }, observeHttp(answer) as never)),
  express: () => listening(createServer(express().use(observeExpress()))),
  'an express router within an app': () =>
    listening(createServer(express().use('/api', express.Router().use(observeExpress())))),
  async fastify() {
    const app = Fastify()
    await app.register(observeFastify)
    await app.listen({ port: 0, host: '127.0.0.1' })
    return listening(app.server)
  },
}

describe.each(Object.entries(unasked))('%s that never had a request', (_name, start) => {
  test('listens no more, and connections that were opened ahead end', async () => {
    const server = await start()
    const ahead = [await connected(server), await connected(server)]
    const closed = new Promise((resolve) => server.once('close', resolve))
    await log.telltale.shutdown()
    await closed
    await Promise.all(ahead.map((client) => client.closed))
    expect(log.one('shutdown_completed').level).toBe('info')
  })
})

describe('what is left alone', () => {
  test('a server of the app with nothing of ours, its requests and its connections', async () => {
    const own = await listening(createServer((_req, res) => res.end('alive')))
    const client = await connected(own)
    await log.telltale.shutdown()
    expect(own.listening).toBe(true)
    expect((await ask(own.port, '/')).body).toBe('alive')
    client.send(get('/'))
    await until('it is answered', () => client.text.includes('alive'))
  })

  test('an upgraded connection: it does not hold the drain up, and is not ended', async () => {
    const server = await listening(createServer(observeHttp(answer)))
    server.on('upgrade', (_req, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      socket.pipe(socket)
    })
    const client = await connected(server)
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    await until('it is upgraded', () => client.text.includes('101'))
    await log.telltale.shutdown()
    expect(log.one('shutdown_completed').level).toBe('info')
    client.send('still here')
    await until('it echoes', () => client.text.endsWith('still here'))
  })
})

describe('connections', () => {
  test('with half a head end once the requests have', async () => {
    const held = gate()
    const server = await listening(
      createServer(
        observeHttp(async (_req, res) => {
          await held.opened
          res.end('ok')
        }),
      ),
    )
    closesInAHook(server)
    const [half, asking, ahead] = [await connected(server), await connected(server), await connected(server)]
    half.send('GET /half HTTP/1.1\r\nHo')
    asking.send(get('/held'))
    await until('the one is open, and half of the other read', () => {
      return openCount() === 1 && [...accepted].filter(({ bytesRead }) => bytesRead > 0).length === 2
    })
    const over = log.telltale.shutdown()
    await ahead.closed
    expect([half.isClosed, asking.isClosed]).toEqual([false, false])
    held.open()
    await over
    await Promise.all([half.closed, asking.closed])
    expect(asking.text).toMatch(/^HTTP\/1\.1 200 [^]*^connection: close\r\n[^]*ok/im)
    expect(half.text).toBe('')
    expect(log.one('shutdown_completed').level).toBe('info')
  })

  test('over TLS on which nothing was asked end, too', async () => {
    const server = await listening(createHttps(tls, observeHttp(answer)))
    const secure = new Promise((resolve) => server.once('secureConnection', resolve))
    const client = connectTls({ port: server.port, host: '127.0.0.1', ca: tls.cert })
    client.on('error', () => undefined)
    client.resume()
    await secure
    closesInAHook(server)
    const ended = new Promise((resolve) => client.once('close', resolve))
    await log.telltale.shutdown()
    await ended
    expect(log.one('shutdown_completed').level).toBe('info')
  })

  test('of HTTP/2 end once their requests have', async () => {
    const held = gate()
    const server = await listening(
      createHttp2(
        observeHttp(async (_req, res) => {
          await held.opened
          res.end('ok')
        }) as never,
      ),
    )
    const session = connectHttp2(`http://127.0.0.1:${server.port}`)
    const ended = new Promise((resolve) => session.once('close', resolve))
    const stream = session.request({ ':path': '/held' })
    let text = ''
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    await until('it is open', () => openCount() === 1)
    const over = log.telltale.shutdown()
    held.open()
    await over
    await ended
    expect(text).toBe('ok')
    expect(log.one('request_completed')).toMatchObject({ path: '/held', status: 200 })
    expect(log.one('shutdown_completed').level).toBe('info')
  })
})

describe('a request that hangs', () => {
  test.each(['http', 'http2'])('over %s is named, cut and disconnected', async (kind) => {
    await log.telltale.shutdown()
    log = new Capture({ lifecycle: { drainTimeoutMs: 200 } })
    const handler = observeHttp(() => undefined)
    const server = await listening(kind === 'http' ? createServer(handler) : createHttp2(handler as never))
    const path = '/held?token=hunter2'
    const headers = { 'x-request-id': 'request-that-hangs' }
    const failed =
      kind === 'http'
        ? ask(server.port, path, { headers }).catch((error: Error) => error)
        : new Promise((resolve) => {
            const session = connectHttp2(`http://127.0.0.1:${server.port}`)
            session.on('error', () => undefined).on('close', () => resolve(new Error('closed')))
            session.request({ ':path': path, ...headers }).on('error', () => undefined)
          })
    await until('it is open', () => openCount() === 1)
    closesInAHook(server)
    await log.telltale.shutdown()
    expect(await failed).toBeInstanceOf(Error)
    await until('no connection is left', () => accepted.size === 0)
    expect(log.one('shutdown_completed')).toMatchObject({
      level: 'warning',
      cut: ['request GET /held request-that-hangs'],
    })
    expect(log.one('request_aborted')).toMatchObject({ request_id: 'request-that-hangs', reason: 'shutdown' })
  })

  test('and that nobody observes ends with the rest', async () => {
    const app = express()
    app.get('/unseen', () => undefined)
    const server = await listening(createServer(app.use(observeExpress())))
    const failed = ask(server.port, '/unseen').catch((error: Error) => error)
    await until('it has come', () => [...accepted].some(({ bytesRead }) => bytesRead > 0))
    await log.telltale.shutdown()
    expect(await failed).toBeInstanceOf(Error)
    await until('no connection is left', () => accepted.size === 0)
  })

  test('has its secret path masked', async () => {
    await log.telltale.shutdown()
    log = new Capture({ lifecycle: { drainTimeoutMs: 200 }, requests: { secretPaths: ['/reset/:token'] } })
    const server = await listening(createServer(observeHttp(() => undefined)))
    const failed = ask(server.port, '/reset/hunter2-do-not-tell').catch((error: Error) => error)
    await until('it is open', () => openCount() === 1)
    await log.telltale.shutdown()
    await failed
    expect(log.one('shutdown_completed')['cut']).toEqual([
      expect.stringMatching(/^request GET \/reset\/\[REDACTED\] [0-9a-f]{16}$/),
    ])
    expect(log.text).not.toContain('hunter2')
  })
})

describe('under way', () => {
  test('an upload is read to its end, and a response that streams is written to its', async () => {
    const streaming = gate()
    const server = await listening(
      createServer(
        observeHttp(async (req, res) => {
          if (req.method === 'GET') {
            res.write('first,')
            await streaming.opened
            return res.end('last')
          }
          let bytes = 0
          for await (const chunk of req) bytes += (chunk as Buffer).length
          return res.end(`${bytes} bytes`)
        }),
      ),
    )
    const [upload, download] = [await connected(server), await connected(server)]
    upload.send('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345')
    download.send(get('/stream'))
    await until('it streams', () => download.text.includes('first,'))
    await until('both are open', () => openCount() === 2)
    const over = log.telltale.shutdown()
    upload.send('67890')
    streaming.open()
    await over
    await Promise.all([upload.closed, download.closed])
    expect(upload.text).toMatch(/connection: close[^]*10 bytes$/i)
    expect(download.text).toMatch(/last\r\n0\r\n\r\n$/)
    expect(log.events('request_completed')).toHaveLength(2)
    expect(log.one('shutdown_completed').level).toBe('info')
  })
})
