import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { observeOutbound } from '../adapters/outbound.js'
import { metric } from '../../test/support/scrape.js'
import { until } from '../../test/support/until.js'
import { flow } from '../flow/flow.js'
import { checkHttp, type HttpCheckOptions } from './http.js'

let server: Server
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined)))
})

const { signal } = new AbortController()

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each<[number, HttpCheckOptions, boolean]>([
  [200, {}, true],
  [204, {}, true],
  [304, {}, true],
  [404, {}, false],
  [503, {}, false],
  [503, { status: 503 }, true],
  [200, { status: 503 }, false],
  [401, { status: [200, 401] }, true],
  [204, { status: [200, 401] }, false],
])('status %d with %j passes: %s', async (status, options, passes) => {
  const url = await serving((_req, res) => res.writeHead(status).end())
  const answer = checkHttp(`${url}/up?token=hunter2`, options)(signal) as Promise<void>
  if (passes) await answer
  else await expect(answer).rejects.toThrow(new Error(`GET ${url}/up was answered with status ${status}`))
})

test('a redirect is an answer, and not followed', async () => {
  const asked: (string | undefined)[] = []
  const url = await serving((req, res) => {
    asked.push(req.url)
    res.writeHead(302, { location: '/login' }).end()
  })
  await checkHttp(url)(signal)
  await expect(checkHttp(url, { status: 200 })(signal)).rejects.toThrow('was answered with status 302')
  expect(asked).toEqual(['/', '/'])
})

test('headers are sent, and those of a trace are not', async () => {
  let seen: IncomingMessage['headers'] = {}
  const url = await serving((req, res) => {
    seen = req.headers
    res.end()
  })
  observeOutbound({ propagateTo: ['127.0.0.1'] })
  const counted = (): number => metric('http_client_request_duration_seconds_count')
  const before = counted()
  await flow('probing', async () => {
    await checkHttp(url, { headers: { authorization: 'Bearer hunter2' } })(signal)
    expect(seen.authorization).toBe('Bearer hunter2')
    expect(seen).not.toHaveProperty('traceparent')
    expect(counted()).toBe(before)
    await (await fetch(url)).text()
    expect(seen).toHaveProperty('traceparent')
  })
  await until('the other call is counted', () => counted() === before + 1)
})

test('a body without end is not waited for, and the connection is closed', async () => {
  let closed = false
  const url = await serving((_req, res) => {
    res.on('close', () => (closed = true))
    res.writeHead(200).write('x'.repeat(100_000))
  })
  await checkHttp(url)(signal)
  await until('the connection is closed', () => closed)
})

test('an abort ends the request, and says so', async () => {
  let closed = false
  const url = await serving((req) => req.on('close', () => (closed = true)))
  const abort = new AbortController()
  const answer = checkHttp(`${url}/up?key=hunter2`)(abort.signal) as Promise<void>
  answer.catch(() => undefined)
  await once(server, 'request')
  abort.abort(new Error('no answer within 5 ms'))
  await expect(answer).rejects.toThrow(new Error(`no answer within 5 ms: GET ${url}/up was not answered`))
  await until('the request is closed', () => closed)
})

test('a connection that is refused or cut says why, once', async () => {
  const url = await serving((req) => req.socket.destroy())
  await expect(checkHttp(`${url}/?token=hunter2`)(signal)).rejects.toThrow(
    new Error(`GET ${url}/ failed: UND_ERR_SOCKET`),
  )
  await new Promise((resolve) => server.close(resolve))
  await expect(checkHttp(url)(signal)).rejects.toThrow(new Error(`GET ${url}/ failed: ECONNREFUSED`))
})

test.each([
  ['/health', {}, 'checkHttp(): takes an absolute http: or https: URL, got /health.'],
  [undefined, {}, 'checkHttp(): takes an absolute http: or https: URL, got undefined.'],
  ['ftp://host/', {}, 'checkHttp(): takes an absolute http: or https: URL, got one with ftp:'],
  ['localhost:80', {}, 'checkHttp(): takes an absolute http: or https: URL, got one with localhost:'],
  ['http://user:hunter2@host/', {}, 'without credentials in it: send them as headers'],
  ['http://host', { status: 700 }, 'status must be a status from 100 to 599, or an array of them, got 700.'],
  ['http://host', { status: [] }, 'status must be a status from 100 to 599, or an array of them, got .'],
  ['http://host', { headers: { a: 1 } }, 'headers must be an object of strings'],
])('%s with %j is refused', (url, options, message) => {
  const define = (): unknown => checkHttp(url as string, options as HttpCheckOptions)
  expect(define).toThrow(message)
  expect(define).toThrow(TypeError)
  expect(define).not.toThrow('hunter2')
})
