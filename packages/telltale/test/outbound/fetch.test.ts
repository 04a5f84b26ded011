import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { observeOutbound } from '../../src/adapters/outbound.js'
import { Call } from '../../src/http/outbound.js'
import { targetOf } from '../../src/http/target.js'
import { unobserved } from '../../src/http/unobserved.js'
import { getLogger } from '../../src/index.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { metric, series } from '../support/scrape.js'
import { until } from '../support/until.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const caller = {
  'x-request-id': 'outbound-1',
  traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  tracestate: 'vendor=1',
  baggage: 'tenant=t-7;public',
}

interface Peer {
  readonly port: number
  readonly heard: { url: string; headers: IncomingHttpHeaders }[]
}

let peer: Peer
let log: Capture
let dispatcher: unknown
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  // Names that are nobody's lead to loopback, by the resolver of a dispatcher made as undici makes its own.
  await fetch('data:,').catch(() => undefined)
  const global = globalThis as unknown as Record<symbol, { constructor: new (options: object) => unknown }>
  // Node 26 keeps its own under 2, and under 1 a wrapper for older copies of undici.
  const own =
    global[Symbol.for('undici.globalDispatcher.2')] ?? global[Symbol.for('undici.globalDispatcher.1')]
  const Agent = own!.constructor
  const lookup = (_host: string, _options: object, done: (error: null, found: object[]) => void): void =>
    done(null, [{ address: '127.0.0.1', family: 4 }])
  dispatcher = new Agent({ connect: { lookup } })
})

beforeEach(async () => {
  log = new Capture({ log: { level: 'debug' } })
  const heard: Peer['heard'] = []
  const server = createServer((req, res) => {
    heard.push({ url: req.url!, headers: req.headers })
    if (req.url!.startsWith('/cut')) return void req.socket.destroy()
    if (req.url!.startsWith('/hang')) return
    if (req.url!.startsWith('/redirect')) {
      return void res.writeHead(302, { location: `http://foreign.example:${peer.port}/landed` }).end()
    }
    res.writeHead(req.url!.startsWith('/missing') ? 404 : 200).end('answered')
  })
  const { port, close } = await listening(server)
  peer = { port, heard }
  endings.push(close)
  observeOutbound({ propagateTo: ['partner.example'] })
})

afterEach(async () => {
  for (const end of endings.splice(0)) await end()
  await log.telltale.shutdown()
})

/** Makes the call from inside a request with ids of its own, and tells what came of it. */
async function inRequest(url: string, init: RequestInit = {}): Promise<string> {
  let outcome = ''
  const { port, close } = await listening(
    createServer(
      observeHttp(async (_req, res) => {
        try {
          const answer = await fetch(url, { ...init, dispatcher } as RequestInit)
          outcome = `${answer.status} ${await answer.text()}`
        } catch (error) {
          outcome = (error as Error).name
        }
        getLogger('app').info('called')
        res.end()
      }),
    ),
  )
  await unobserved(() => ask(port, '/call', { headers: caller }))
  await log.ended(1)
  await close()
  return outcome
}

describe('ids', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    'payments',
    'payments.shop.svc',
    'partner.example',
    'api.partner.example',
  ])('go to %s with the trace of the request', async (host) => {
    expect(await inRequest(`http://${host}:${peer.port}/pay`)).toBe('200 answered')
    const { headers } = peer.heard[0]!
    const end = log.one('request_completed')
    expect(headers['traceparent']).toBe(`00-${traceId}-${String(end['span_id'])}-01`)
    expect(headers['tracestate']).toBe('vendor=1')
    expect(headers['baggage']).toBe('tenant=t-7;public')
    expect(headers['x-request-id']).toBe('outbound-1')
  })

  test.each(['foreign.example', 'notpartner.example'])(
    'do not go to %s, which is said once',
    async (host) => {
      await inRequest(`http://${host}:${peer.port}/pay`)
      await fetch(`http://${host}:${peer.port}/again`, { dispatcher } as RequestInit)
      for (const { headers } of peer.heard) {
        for (const name of Object.keys(caller)) expect(headers).not.toHaveProperty(name)
      }
      expect(peer.heard).toHaveLength(2)
      const said = log.events('outbound_host_foreign')
      expect(said).toHaveLength(1)
      expect(said[0]).toMatchObject({ level: 'debug', host: `${host}:${peer.port}` })
    },
  )

  test('do not follow a redirect to a foreign host', async () => {
    expect(await inRequest(`http://localhost:${peer.port}/redirect`)).toBe('200 answered')
    const [first, second] = peer.heard
    expect(first!.headers['x-request-id']).toBe('outbound-1')
    expect(second!.url).toBe('/landed')
    for (const name of Object.keys(caller)) expect(second!.headers).not.toHaveProperty(name)
  })

  test('given by the caller itself are left as they are, each once', async () => {
    await inRequest(`http://localhost:${peer.port}/pay`, { headers: { 'X-Request-Id': 'by-hand-1' } })
    expect(peer.heard[0]!.headers['x-request-id']).toBe('by-hand-1')
    expect(peer.heard[0]!.headers['traceparent']).toContain(traceId)
  })

  test('are not made up outside of a request', async () => {
    await fetch(`http://localhost:${peer.port}/pay`)
    for (const name of Object.keys(caller)) expect(peer.heard[0]!.headers).not.toHaveProperty(name)
  })
})

describe('what is told', () => {
  test('a call is an event at debug in its request, without the query', async () => {
    await inRequest(`http://localhost:${peer.port}/missing/7?token=hunter2&page=1`)
    await until('the call is told', () => log.events('outbound_completed').length === 1)
    expect(log.one('outbound_completed')).toMatchObject({
      level: 'debug',
      logger: 'outbound',
      request_id: 'outbound-1',
      trace_id: traceId,
      path: '/call',
      peer_method: 'GET',
      host: `localhost:${peer.port}`,
      peer_path: '/missing/7',
      status: 404,
      duration_ms: expect.any(Number) as number,
    })
    for (const text of ['hunter2', 'token', 'page=1', '?']) expect(log.text).not.toContain(text)
  })

  test("a failure is a warning in brief; the error is the caller's", async () => {
    expect(await inRequest(`http://localhost:${peer.port}/cut?token=hunter2`)).toBe('TypeError')
    const line = log.one('outbound_failed')
    expect(line).toMatchObject({ level: 'warning', request_id: 'outbound-1', peer_path: '/cut' })
    expect(Object.keys(line['error'] as object)).toEqual(['type', 'message', 'code'])
    expect(log.text).not.toContain('hunter2')
    expect(log.events('outbound_completed')).toEqual([])
  })

  test('a call that the caller gives up fails once', async () => {
    expect(await inRequest(`http://localhost:${peer.port}/hang`, { signal: AbortSignal.timeout(100) })).toBe(
      'TimeoutError',
    )
    expect(log.one('outbound_failed')).toMatchObject({ request_id: 'outbound-1', peer_path: '/hang' })
  })

  test('a peer that is not there', async () => {
    const { port, close } = await listening(createServer())
    await close()
    expect(await inRequest(`http://127.0.0.1:${port}/pay`)).toBe('TypeError')
    expect(log.one('outbound_failed')['error']).toMatchObject({ code: 'ECONNREFUSED' })
    expect(
      metric('http_client_request_duration_seconds_count', { host: `127.0.0.1:${port}`, status: 'error' }),
    ).toBe(1)
  })

  test('durations are counted by method, host and status', async () => {
    const host = `localhost:${peer.port}`
    for (const path of ['/a/1', '/a/2', '/missing']) await (await fetch(`http://${host}${path}`)).text()
    await (await fetch(`http://${host}/a`, { method: 'POST', body: 'x' })).text()
    const count = (labels: Record<string, string>): number =>
      metric('http_client_request_duration_seconds_count', { host, ...labels })
    await until('all are counted', () => count({}) === 4)
    expect(count({ method: 'GET', status: '200' })).toBe(2)
    expect(count({ method: 'GET', status: '404' })).toBe(1)
    expect(count({ method: 'POST', status: '200' })).toBe(1)
    expect(
      series('http_client_request_duration_seconds_count').every(({ labels }) => !('path' in labels)),
    ).toBe(true)
  })
})

test('a call ends once, though undici tells of one that was given up again when its connection fails', () => {
  const call = new Call(targetOf('GET', 'twice.internal', '/a'))
  call.failed(new Error('given up'))
  call.failed(new Error('given up'))
  call.completed()
  expect(log.events('outbound_failed', 'outbound_completed')).toHaveLength(1)
  expect(metric('http_client_request_duration_seconds_count', { host: 'twice.internal' })).toBe(1)
})

test('called again it replaces the hosts and observes no call twice', async () => {
  observeOutbound({ propagateTo: [] })
  await inRequest(`http://partner.example:${peer.port}/pay`)
  expect(peer.heard[0]!.headers).not.toHaveProperty('x-request-id')
  await until('the call is told', () => log.events('outbound_completed').length > 0)
  expect(log.events('outbound_completed')).toHaveLength(1)
})

test.each([['partner.example'], [[5]], [['https://partner.example/x']], [['*.partner.example']]])(
  'propagateTo %j is refused',
  (propagateTo) => {
    expect(() => observeOutbound({ propagateTo: propagateTo as string[] })).toThrow(
      "observeOutbound(): propagateTo must be an array of host names such as 'api.partner.example'.",
    )
  },
)
