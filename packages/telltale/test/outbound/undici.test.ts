import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer } from 'node:http'
import { Readable, Writable } from 'node:stream'
import { Agent, Pool, Request, RetryAgent, fetch as fetchOf, request, stream } from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { observeOutbound } from '../../src/adapters/outbound.js'
import { unobserved } from '../../src/http/unobserved.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'
import { caller, inRequest, type Peer, peerThat, traceId } from './calling.js'

let log: Capture
let peer: Peer
let url: string

beforeEach(async () => {
  log = new Capture({ log: { level: 'debug' } })
  let retries = 0
  peer = await peerThat((req, res) => {
    if (req.url === '/retry' && retries++ === 0) return res.writeHead(503).end()
    req.resume()
    req.on('end', () => res.end('answered'))
  })
  url = `http://localhost:${peer.port}`
  observeOutbound()
})
afterEach(async () => {
  await peer.close()
  await log.telltale.shutdown()
})

const ways: Record<string, () => Promise<string>> = {
  request: async () => (await request(`${url}/a?token=hunter2`)).body.text(),
  'request, with headers as a list': async () =>
    (await request(`${url}/a`, { headers: ['x-note', 'traceparent: none'] })).body.text(),
  fetch: async () => (await fetchOf(`${url}/a`)).text(),
  'fetch with a Request': async () =>
    (await fetchOf(new Request(`${url}/a`, { method: 'POST', body: 'x' }))).text(),
  "Node's own fetch with a Request": async () =>
    (await fetch(new globalThis.Request(`${url}/a`, { method: 'POST', body: 'x' }))).text(),
  'a stream sent': async () =>
    (await request(`${url}/a`, { method: 'PUT', body: Readable.from(['a', 'b']) })).body.text(),
  'a stream received': async () => {
    const texts: string[] = []
    await stream(`${url}/a`, { method: 'GET' }, () => writerTo(texts))
    return texts.join('')
  },
}

function writerTo(texts: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      texts.push(String(chunk))
      done()
    },
  })
}

describe("a copy of undici beside Node's own", () => {
  test.each(Object.keys(ways))('sends ids along with %s, each once', async (way) => {
    expect(await inRequest(log, ways[way]!)).toBe('answered')
    const [{ headers, rawHeaders }] = peer.heard as [(typeof peer.heard)[0]]
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
    expect(headers).toMatchObject({ tracestate: 'vendor=1', baggage: 'tenant=t-7;public' })
    for (const name of Object.keys(caller))
      expect(rawHeaders.filter((each) => each.toLowerCase() === name)).toHaveLength(1)
    await until('the call is told', () => log.events('outbound_completed').length === 1)
    expect(log.one('outbound_completed')).toMatchObject({
      request_id: 'outbound-1',
      host: `localhost:${peer.port}`,
      peer_path: '/a',
      status: 200,
    })
    expect(log.text).not.toContain('hunter2')
  })

  test('is a call for each attempt of a client that retries', async () => {
    const dispatcher = new RetryAgent(new Agent(), { minTimeout: 1 })
    await inRequest(log, async () => {
      const { statusCode, body } = await request(`${url}/retry`, { dispatcher })
      expect([statusCode, await body.text()]).toEqual([200, 'answered'])
    })
    await dispatcher.close()
    expect(peer.heard.map(({ headers }) => headers['x-request-id'])).toEqual(['outbound-1', 'outbound-1'])
    await until('both are told', () => log.events('outbound_completed').length === 2)
    expect(log.events('outbound_completed').map(({ status }) => status)).toEqual([503, 200])
  })

  test('has one traceparent where another adds its own after us', async () => {
    const own = `00-${traceId}-${'c'.repeat(16)}-01`
    const add = (message: unknown): void => {
      const { request } = message as { request: { addHeader(name: string, value: string): void } }
      request.addHeader('traceparent', own)
      request.addHeader('x-theirs', '1')
    }
    subscribe('undici:request:create', add)
    try {
      await inRequest(log, async () => (await request(`${url}/a`)).body.text())
      await inRequest(log, async () => (await fetch(`${url}/a`)).text())
    } finally {
      unsubscribe('undici:request:create', add)
    }
    for (const { headers, rawHeaders } of peer.heard) {
      expect(headers).toMatchObject({ traceparent: own, 'x-theirs': '1', 'x-request-id': 'outbound-1' })
      expect(rawHeaders.filter((each) => each === 'traceparent')).toHaveLength(1)
    }
    expect(peer.heard).toHaveLength(2)
  })

  test('is left alone where an exit of ours calls', async () => {
    await inRequest(log, async () => (await unobserved(() => request(`${url}/a`))).body.text())
    expect(peer.heard[0]!.headers).not.toHaveProperty('traceparent')
    expect(log.events('outbound_completed')).toEqual([])
  })
})

async function openMetrics(): Promise<string> {
  const app = await listening(createServer(observeHttp((_req, res) => res.end())))
  const headers = { accept: 'application/openmetrics-text' }
  const { body } = await unobserved(() => ask(app.port, '/metrics', { headers }))
  await app.close()
  return body
}

test("a call over another request's connection has the exemplar of its own, and a call of nobody's has none", async () => {
  // The first scrape after a setup screens all series anew, and forgets their exemplars.
  await openMetrics()
  const pool = new Pool(url, { connections: 1 })
  const call = async (method: 'GET' | 'PUT' | 'POST'): Promise<void> => {
    await (await pool.request({ method, path: '/a' })).body.text()
  }
  await inRequest(log, () => call('GET'))
  await inRequest(log, () => call('PUT'), { ...caller, 'x-request-id': 'outbound-2' })
  await call('POST')
  const counted = (): number =>
    metric('http_client_request_duration_seconds_count', { host: `localhost:${peer.port}` })
  await until('all are counted', () => counted() === 3)
  await pool.close()

  const exemplars = (await openMetrics())
    .split('\n')
    .filter((line) => line.includes(`host="localhost:${peer.port}"`) && line.includes(' # {'))
    .map((line) => [/method="(\w+)"/.exec(line)?.[1], /request_id="([^"]+)"/.exec(line)?.[1]])
  expect(exemplars).toEqual([
    ['GET', 'outbound-1'],
    ['PUT', 'outbound-2'],
  ])
})
