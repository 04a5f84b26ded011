import express from 'express'
import { createServer, IncomingMessage, type RequestListener, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { observeExpress } from '../../src/adapters/express.js'
import { observeHttp } from '../../src/adapters/http.js'
import { openExchanges } from '../../src/http/inflight.js'
import { observe } from '../../src/http/observe.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'

let log: Capture
beforeEach(() => (log = new Capture()))
afterEach(() => log.telltale.shutdown())

const ways: [string, RequestListener][] = [
  ['end()', (_req, res) => res.end('ok')],
  ['write()', (_req, res) => void (res.write('o'), res.end('k'))],
  ['flushHeaders()', (_req, res) => void (res.flushHeaders(), res.end('ok'))],
  ['writeHead(status)', (_req, res) => res.writeHead(200).end('ok')],
  ['writeHead(status, headers)', (_req, res) => res.writeHead(200, { 'X-Own': '1' }).end('ok')],
  [
    'writeHead(status, reason, headers)',
    (_req, res) => res.writeHead(200, 'Fine', { 'x-own': '1' }).end('ok'),
  ],
  ['writeHead(status, list)', (_req, res) => res.writeHead(200, ['x-own', '1']).end('ok')],
  [
    'setHeader() and writeHead()',
    (_req, res) => res.setHeader('x-own', '1').writeHead(200, { 'x-more': '2' }).end('ok'),
  ],
  [
    'early hints first',
    (_req, res) => res.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => res.end('ok')),
  ],
]

test.each(ways)('a head written by %s carries the request id once', async (_way, handler) => {
  const { port, close } = await listening(createServer(observeHttp(handler)))
  const answer = await ask(port, '/', { headers: { 'x-request-id': 'head-written' } })
  await log.ended(1)
  await close()
  expect([answer.status, answer.body]).toEqual([200, 'ok'])
  expect(answer.headers['x-request-id']).toBe('head-written')
})

test("an id of the app's own in the head stays", async () => {
  const own: RequestListener = (_req, res) => res.writeHead(200, { 'X-Request-Id': 'chosen-by-app' }).end()
  const { port, close } = await listening(createServer(observeHttp(own)))
  expect((await ask(port, '/')).headers['x-request-id']).toBe('chosen-by-app')
  await close()
})

test('a listener that throws at the close leaves no request open', () => {
  const req = new IncomingMessage(new Socket())
  const res = new ServerResponse(req)
  observe(req, res)
  res.on('close', () => {
    throw new Error('in the listener')
  })
  expect(openExchanges().size).toBe(1)
  expect(() => res.emit('close')).toThrow('in the listener')
  expect(openExchanges().size).toBe(0)
  expect(log.ends).toHaveLength(1)
})

test("what others have put over a response's own functions before is called, once", async () => {
  const heard: string[] = []
  const app = express()
  app.use((_req, res, next) => {
    const { emit, writeHead } = res
    res.emit = function (this: ServerResponse, ...args: unknown[]) {
      heard.push(String(args[0]))
      return emit.apply(this, args as never)
    } as typeof res.emit
    res.writeHead = function (this: ServerResponse, ...args: unknown[]) {
      heard.push('head')
      return writeHead.apply(this, args as never)
    } as typeof res.writeHead
    next()
  })
  app.use(observeExpress())
  app.get('/', (_req, res) => void res.send('ok'))
  const { port, close } = await listening(createServer(app))
  for (const count of [1, 2, 3]) {
    heard.length = 0
    const answer = await ask(port, '/', { headers: { 'x-request-id': 'wrapped-response' } })
    await log.ended(count)
    expect(answer.headers['x-request-id']).toBe('wrapped-response')
    expect(heard.filter((event) => ['head', 'finish', 'close'].includes(event))).toEqual([
      'head',
      'finish',
      'close',
    ])
  }
  await close()
  expect(log.ends).toHaveLength(3)
})
