import express from 'express'
import Fastify from 'fastify'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { showRequests } from '../../src/admin/requests.js'
import { observeExpress, observeExpressErrors } from '../../src/adapters/express.js'
import { observeFastify } from '../../src/adapters/fastify.js'
import { observeHttp } from '../../src/adapters/http.js'
import { openExchanges, requestsUnderWay } from '../../src/http/inflight.js'
import { getLogger } from '../../src/index.js'
import { Capture } from '../support/capture.js'
import { RawConnection } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { gate, type Gate, until } from '../support/until.js'

const shop = getLogger('shop')
const pay =
  'POST /pay HTTP/1.1\r\nHost: a\r\nX-Request-Id: pay-request\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'

/** What a handler does with request and response before it waits; what it then returns is the answer. */
type Begin = (req: IncomingMessage, res: ServerResponse) => void
type Answer = 'text' | 'stream' | 'error' | 'nothing'

let log: Capture
let held: Gate
let closing: (() => unknown)[]

beforeEach(() => {
  held = gate()
  closing = []
  log = new Capture({ lifecycle: { drainTimeoutMs: 10_000 } })
})

afterEach(async () => {
  held.open()
  await log.telltale.shutdown()
  for (const close of closing) close()
})

/** Charged before the wait, the order written after it. */
async function order(): Promise<void> {
  shop.info('charged')
  await held.opened
  shop.info('order_written')
}

async function work(begin: Begin, req: IncomingMessage, res: ServerResponse, answer: Answer): Promise<void> {
  begin(req, res)
  await order()
  if (answer === 'error') throw new Error('the printer is out of paper')
}

const apps: Record<string, (begin: Begin, answer: Answer) => Promise<number>> = {
  http: (begin, answer) =>
    listening(
      createServer(
        observeHttp(async (req, res) => {
          await work(begin, req, res, answer)
          if (answer === 'text') res.end('ok')
          if (answer === 'stream') Readable.from(['ok']).pipe(res)
        }),
      ),
    ),
  'http with callbacks': (begin, answer) =>
    listening(
      createServer(
        observeHttp((req, res) => {
          void work(begin, req, res, answer).then(
            () => void (answer === 'stream' ? Readable.from(['ok']).pipe(res) : res.end('ok')),
            () => void res.writeHead(500).end(),
          )
        }),
      ),
    ),
  express: (begin, answer) => {
    const app = express().use(observeExpress(), express.json())
    app.post('/pay', async (req, res) => {
      await work(begin, req, res, answer)
      if (answer === 'text') res.send('ok')
      if (answer === 'stream') Readable.from(['ok']).pipe(res)
    })
    app.use(observeExpressErrors())
    return listening(createServer(app))
  },
  async fastify(begin, answer) {
    const app = Fastify()
    await app.register(observeFastify)
    app.post('/pay', async ({ raw }, reply) => {
      await work(begin, raw, reply.raw, answer)
      return answer === 'stream' ? Readable.from(['ok']) : 'ok'
    })
    await app.ready()
    return listening(app.server)
  },
}

async function listening(server: Server): Promise<number> {
  closing.push(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** The client asks, and leaves once the handler is at work. */
async function leave(kind: string, answer: Answer = 'text', begin: Begin = () => undefined): Promise<void> {
  const client = new RawConnection(await apps[kind]!(begin, answer))
  client.send(pay)
  await until('the handler is at work', () => log.events('charged').length > 0)
  client.socket.destroy()
  await log.ended(1)
}

async function listed(): Promise<Record<string, unknown>[]> {
  const { body } = await showRequests()
  return (JSON.parse(String(body)) as { requests: Record<string, unknown>[] }).requests
}

async function untilNoneIsListed(): Promise<void> {
  await until('none is under way', () => requestsUnderWay().size === 0)
  expect(await listed()).toEqual([])
}

describe.each(Object.keys(apps))('%s: a handler whose client has left', (kind) => {
  test('is under way until it answers, and the drain waits for it', async () => {
    await leave(kind)
    expect(log.one('request_aborted')).toMatchObject({ status: 499, request_id: 'pay-request' })
    expect(metric('http_requests_in_progress', { method: 'POST' })).toBe(0)
    expect(await listed()).toMatchObject([
      { request_id: 'pay-request', method: 'POST', path: '/pay', client_left: true },
    ])
    const over = log.telltale.shutdown()
    await until('it drains', () => log.events('shutdown_started').length > 0)
    expect(log.one('shutdown_started')).toMatchObject({ in_flight: 1 })
    held.open()
    await over
    expect(log.one('order_written')).toMatchObject({ request_id: 'pay-request' })
    expect(log.one('shutdown_completed')).toMatchObject({ level: 'info' })
    expect(log.events('request_aborted')).toHaveLength(1)
    expect(await listed()).toEqual([])
  })

  test.each(['stream', 'error'] as const)('ends with an answer by %s', async (answer) => {
    await leave(kind, answer)
    expect(await listed()).toHaveLength(1)
    held.open()
    await untilNoneIsListed()
  })

  test('and that does not end in time is named', async () => {
    await log.telltale.shutdown()
    log = new Capture({ lifecycle: { drainTimeoutMs: 100 } })
    await leave(kind)
    await log.telltale.shutdown()
    expect(log.one('shutdown_completed')).toMatchObject({
      level: 'warning',
      cut: ['request POST /pay pay-request, whose client has left'],
    })
    expect(log.events('order_written')).toEqual([])
    expect(await listed()).toEqual([])
  })

  test('is not waited for once a head was sent: a stream of events need not notice', async () => {
    await leave(kind, 'text', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    })
    expect(await listed()).toEqual([])
    await log.telltale.shutdown()
    expect(log.one('shutdown_started')).toMatchObject({ in_flight: 0 })
    expect(log.one('shutdown_completed')).toMatchObject({ level: 'info' })
  })
})

test.each(['express', 'fastify', 'http with callbacks'])(
  '%s: one that listens for the leaving of its client may have stopped, and is not waited for',
  async (kind) => {
    await leave(kind, 'text', (_req, res) => void res.once('close', () => undefined))
    expect(await listed()).toEqual([])
  },
)

test('http: one whose promise is pending is waited for though it listens, too', async () => {
  await leave('http', 'text', (_req, res) => void res.once('close', () => undefined))
  expect(await listed()).toHaveLength(1)
})

test('http: one that has ended without an answer is not waited for', async () => {
  await leave('http', 'nothing')
  expect(await listed()).toHaveLength(1)
  held.open()
  await untilNoneIsListed()
})

test('one that waits for the rest of a body is not waited for', async () => {
  const app = createServer(observeHttp((req) => void req.on('end', () => undefined).resume()))
  const client = new RawConnection(await listening(app))
  client.send(pay.slice(0, -1))
  await until('the request is open', () => openExchanges().size === 1)
  client.socket.destroy()
  await log.ended(1)
  expect(await listed()).toEqual([])
})

test('over HTTP/2, too', async () => {
  const handler = observeHttp(async (_req, res) => (await order(), res.end('ok')))
  const session = connectHttp2(
    `http://127.0.0.1:${await listening(createHttp2(handler as never) as never as Server)}`,
  )
  session.on('error', () => undefined)
  session.request({ ':path': '/pay' }).on('error', () => undefined)
  await until('the handler is at work', () => log.events('charged').length > 0)
  session.destroy()
  await log.ended(1)
  expect(await listed()).toMatchObject([{ path: '/pay', client_left: true }])
  held.open()
  await untilNoneIsListed()
})

test('one that never answers is under way for a minute at most', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  await leave('express')
  const ends = timers.mock.calls.filter(([, ms]) => ms === 60_000)
  timers.mockRestore()
  expect(ends).toHaveLength(1)
  const [end, , ...given] = ends[0]! as unknown as [(...given: unknown[]) => void, number, ...unknown[]]
  end(...given)
  expect(await listed()).toEqual([])
})
