import { once } from 'node:events'
import http, {
  Agent,
  get,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request,
} from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { observeOutbound } from '../../src/adapters/outbound.js'
import { Call } from '../../src/http/outbound.js'
import { targetOf } from '../../src/http/target.js'
import { unobserved } from '../../src/http/unobserved.js'
import { flow, getLogger } from '../../src/index.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { metric, series } from '../support/scrape.js'
import { gate, until } from '../support/until.js'
import { caller, inRequest, type Peer, peerThat, traceId } from './calling.js'

const commonJs = createRequire(import.meta.url)
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const original = http.request
const seenBefore: string[] = []

let log: Capture
let peer: Peer
let url: string
const endings: (() => Promise<void>)[] = []

beforeAll(() => {
  // What another library has wrapped before us, as they do.
  const inner = http.request as (...parameters: unknown[]) => ClientRequest
  http.request = Object.assign(
    function request(this: unknown, ...parameters: unknown[]): ClientRequest {
      const made = Reflect.apply(inner, this, parameters)
      seenBefore.push(made.path)
      return made
    },
    { wrappedByAnother: true },
  ) as typeof http.request
  observeOutbound({ propagateTo: ['partner.example'] })
})

beforeEach(async () => {
  log = new Capture({ log: { level: 'debug' } })
  peer = await peerThat((req, res) => {
    if (req.url!.startsWith('/cut')) return void res.write('half', () => req.socket.destroy())
    if (req.url!.startsWith('/drop')) return void req.socket.destroy()
    if (req.url!.startsWith('/hang')) return
    if (req.url!.startsWith('/early')) res.writeEarlyHints({ link: '</a.css>; rel=preload' })
    req.resume()
    req.on('end', () => res.writeHead(req.url!.startsWith('/missing') ? 404 : 200).end('answered'))
  })
  url = `http://localhost:${peer.port}`
  endings.push(peer.close)
  observeOutbound({ propagateTo: ['partner.example'] })
})

afterEach(async () => {
  for (const end of endings.splice(0)) await end()
  await log.telltale.shutdown()
})

/** The body, when the response has been read. */
async function bodyOf(req: ClientRequest): Promise<string> {
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of res) text += String(chunk)
  return text
}

function ended(req: ClientRequest): ClientRequest {
  return req.end()
}

/** Any name leads to loopback. */
const lookup: LookupFunction = (_host, { all }, done) =>
  all === true
    ? (done as (error: null, found: object[]) => void)(null, [{ address: '127.0.0.1', family: 4 }])
    : done(null, '127.0.0.1', 4)

const overPlain = (): RequestOptions => ({ createConnection: () => connect(peer.port, '127.0.0.1') })
const noop = (): void => undefined

const forms: Record<string, () => ClientRequest> = {
  'request(url)': () => ended(http.request(`${url}/a`)),
  'request(URL)': () => ended(http.request(new URL(`${url}/a`))),
  'request(url, options)': () => ended(http.request(`${url}/b`, { path: '/a' })),
  'request(URL, options, callback)': () =>
    ended(http.request(new URL(url), { path: '/a', method: 'PUT' }, noop)),
  'request(url, callback)': () => ended(http.request(`${url}/a`, noop)),
  'request(options)': () => ended(http.request({ port: peer.port, path: '/a' })),
  'request(options, callback)': () =>
    ended(http.request({ host: 'localhost', port: peer.port, path: '/a' }, noop)),
  'request, without the module': () => {
    const { request } = http
    return ended(request(`${url}/a`))
  },
  'request, imported by name': () => ended(request(`${url}/a`)),
  'request, required': () => ended((commonJs('http') as typeof http).request(`${url}/a`)),
  'request with headers as an object': () =>
    ended(http.request(`${url}/a`, { headers: { accept: 'text/plain', cookie: ['a=1', 'b=2'] } })),
  'request with headers as a list': () =>
    ended(http.request(`${url}/a`, { headers: ['accept', 'text/plain', 'host', `localhost:${peer.port}`] })),
  'request with Expect': () => {
    const req = http.request(`${url}/a`, { method: 'POST', headers: { expect: '100-continue' } })
    req.on('continue', () => req.end('body'))
    req.flushHeaders()
    return req
  },
  'request with a body of its own pace': () => {
    const req = http.request(`${url}/a`, { method: 'POST' })
    void pipeline(Readable.from(['a', 'b', 'c']), req)
    return req
  },
  'request without an agent': () => ended(http.request(`${url}/a`, { agent: false })),
  'get(url)': () => http.get(`${url}/a`),
  'get(URL, options)': () => http.get(new URL(`${url}/b`), { path: '/a' }),
  'get(options, callback)': () => http.get({ port: peer.port, path: '/a' }, noop),
  'get(url, callback)': () => http.get(`${url}/a`, noop),
  'get, imported by name': () => get(`${url}/a`),
  'https.request(url, options)': () =>
    ended(https.request(`${url.replace('http:', 'https:')}/a`, overPlain())),
  'https.request(options)': () => ended(https.request({ port: peer.port, path: '/a', ...overPlain() })),
  'https.get(URL, options, callback)': () =>
    https.get(new URL(`${url.replace('http:', 'https:')}/a`), overPlain(), noop),
}

describe('ids go along with', () => {
  test.each(Object.keys(forms))('%s', async (form) => {
    expect(await inRequest(log, () => bodyOf(forms[form]!()))).toBe('answered')
    const [{ rawHeaders, headers, url }] = peer.heard as [(typeof peer.heard)[0]]
    expect(url).toBe('/a')
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
    expect(headers).toMatchObject({
      tracestate: 'vendor=1',
      baggage: 'tenant=t-7;public',
      'x-request-id': 'outbound-1',
    })
    // A response callback that reads nothing leaves that to us; one that is not there lets Node throw it away.
    for (const name of Object.keys(caller))
      expect(rawHeaders.filter((each) => each.toLowerCase() === name)).toHaveLength(1)
    await until('the call is told', () => log.events('outbound_completed').length === 1)
    expect(log.one('outbound_completed')).toMatchObject({
      host: `localhost:${peer.port}`,
      peer_path: '/a',
      status: 200,
      request_id: 'outbound-1',
      path: '/call',
    })
  })
})

describe('ids', () => {
  test('given by the caller are left as they are, however it gives them', async () => {
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    await inRequest(log, async () => {
      await bodyOf(ended(http.request(`${url}/object`, { headers: { TraceParent: own } })))
      await bodyOf(ended(http.request(`${url}/list`, { headers: ['Host', 'a', 'TraceParent', own] })))
      await bodyOf(ended(http.request(`${url}/later`).setHeader('traceparent', own)))
    })
    for (const { headers } of peer.heard) {
      expect(headers['traceparent']).toBe(own)
      expect(headers['x-request-id']).toBe('outbound-1')
    }
    // Another's traceparent with our caller's tracestate would be a lie.
    expect(peer.heard.map(({ headers }) => headers['tracestate'])).toEqual([undefined, undefined, 'vendor=1'])
  })

  test.each(['partner.example', 'api.partner.example', 'payments', 'payments.shop.svc'])(
    'go to %s',
    async (host) => {
      await inRequest(log, () => bodyOf(http.get(`http://${host}:${peer.port}/a`, { lookup })))
      expect(peer.heard[0]!.headers['x-request-id']).toBe('outbound-1')
    },
  )

  test('do not go to another host, whatever its Host header says, which is said once', async () => {
    await inRequest(log, async () => {
      await bodyOf(http.get(`http://elsewhere.example:${peer.port}/a`, { lookup }))
      await bodyOf(
        http.get(`http://elsewhere.example:${peer.port}/a`, { lookup, headers: { host: 'localhost' } }),
      )
    })
    expect(peer.heard).toHaveLength(2)
    for (const { headers } of peer.heard)
      for (const name of Object.keys(caller)) expect(headers).not.toHaveProperty(name)
    const hosts = log.events('outbound_completed').map(({ host }) => host)
    expect(hosts).toEqual([`elsewhere.example:${peer.port}`, 'elsewhere.example'])
    expect(log.events('outbound_host_foreign').map(({ host }) => host)).toEqual(hosts)
  })

  test.each([
    ['payments', true],
    ['elsewhere.example', false],
  ])('through an own proxy go to %s: %s', async (host, goes) => {
    const path = `http://user:hunter2@${host}/pay?token=hunter2`
    await inRequest(log, () => bodyOf(ended(http.request(url, { path }))))
    expect('x-request-id' in peer.heard[0]!.headers).toBe(goes)
    expect(log.one('outbound_completed')).toMatchObject({ host, peer_path: '/pay' })
    expect(log.text).not.toContain('hunter2')
  })

  test('through a proxy of somebody else go nowhere', async () => {
    const proxy = `http://proxy.example:${peer.port}`
    await inRequest(log, () => bodyOf(ended(http.request(proxy, { path: 'http://payments/pay', lookup }))))
    expect(peer.heard[0]!.headers).not.toHaveProperty('x-request-id')
  })

  test('of a client that follows a redirect go to own hosts only', async () => {
    await inRequest(log, async () => {
      await bodyOf(http.get(`${url}/moved`))
      await bodyOf(http.get(`http://landed.example:${peer.port}/landed`, { lookup }))
    })
    expect(peer.heard.map(({ headers }) => headers['x-request-id'])).toEqual(['outbound-1', undefined])
  })

  test('are those of the flow and step that calls', async () => {
    await inRequest(log, () =>
      flow('retake', (f) => f.step('load', () => bodyOf(http.get(`${url}/in-step`)))),
    )
    await flow('import', () => bodyOf(http.get(`${url}/in-flow`)))
    const [inStep, inFlow] = peer.heard.map(({ headers }) => headers)
    expect(inStep).toMatchObject({ ...caller, traceparent: expect.stringContaining(traceId) as string })
    expect(inFlow!['traceparent']).toContain(log.one('import_flow_completed')['trace_id'])
    for (const name of ['tracestate', 'baggage', 'x-request-id']) expect(inFlow).not.toHaveProperty(name)
    expect(log.events('outbound_completed').map((line) => line['flow_id'])).toEqual([
      log.one('retake_flow_completed')['flow_id'],
      log.one('import_flow_completed')['flow_id'],
    ])
  })

  test('are not made up outside of a request', async () => {
    await bodyOf(http.get(`${url}/a`))
    for (const name of Object.keys(caller)) expect(peer.heard[0]!.headers).not.toHaveProperty(name)
  })

  test('do not go along with what an exit of ours sends, and nothing tells of it', async () => {
    const host = `localhost:${peer.port}`
    await inRequest(log, () => bodyOf(unobserved(() => http.get(`${url}/v1/traces`))))
    expect(peer.heard[0]!.headers).not.toHaveProperty('x-request-id')
    expect(log.events('outbound_completed')).toEqual([])
    expect(metric('http_client_request_duration_seconds_count', { host })).toBe(0)
  })
})

describe('what is told', () => {
  test('has neither credentials nor query', async () => {
    const withSecrets = `http://user:hunter2@localhost:${peer.port}/missing/7?token=hunter2&page=1`
    await inRequest(log, () => bodyOf(http.get(withSecrets)))
    expect(log.one('outbound_completed')).toMatchObject({
      level: 'debug',
      logger: 'outbound',
      peer_method: 'GET',
      host: `localhost:${peer.port}`,
      peer_path: '/missing/7',
      status: 404,
      duration_ms: expect.any(Number) as number,
    })
    for (const text of ['hunter2', 'user:', 'page=1', 'tenant=', 'dXNlcj'])
      expect(log.text).not.toContain(text)
    const [told] = series('http_client_request_duration_seconds_count', { host: `localhost:${peer.port}` })
    expect(told!.labels).toEqual({ method: 'GET', host: `localhost:${peer.port}`, status: '404' })
  })

  test('is a warning from slowMs on, at any level of the log', async () => {
    observeOutbound({ slowMs: 0 })
    await inRequest(log, () => bodyOf(http.get(`${url}/a?token=hunter2`)))
    expect(log.one('outbound_slow')).toMatchObject({
      level: 'warning',
      request_id: 'outbound-1',
      peer_path: '/a',
      status: 200,
      slow_ms: 0,
    })
    expect(log.events('outbound_completed')).toEqual([])
  })

  test('is the last response, not the hints before it', async () => {
    await inRequest(log, () => bodyOf(http.get(`${url}/early`)))
    expect(log.one('outbound_completed')).toMatchObject({ status: 200 })
  })

  test('comes before the caller goes on', async () => {
    const seen = await inRequest(log, async () => {
      await bodyOf(http.get(`${url}/a`))
      return log.events('outbound_completed').length
    })
    expect(seen).toBe(1)
  })

  const failures: Record<string, [code: string | undefined, act: () => Promise<unknown>]> = {
    'a peer that is not there': [
      'ECONNREFUSED',
      async () => {
        const { port, close } = await listening(http.createServer())
        await close()
        await once(http.get({ host: '127.0.0.1', port, path: '/x' }), 'error')
      },
    ],
    'a socket that hangs up': ['ECONNRESET', () => once(http.get(`${url}/drop`), 'error')],
    'a response that is cut': [
      'ECONNRESET',
      () => bodyOf(http.get(`${url}/cut`)).catch((error: Error) => expect(error.message).toBe('aborted')),
    ],
    'a response that its caller gives up': [
      undefined,
      async () => {
        const req = http.get(`${url}/cut`)
        const [res] = (await once(req, 'response')) as [IncomingMessage]
        res.destroy()
        await once(req, 'close')
      },
    ],
    'a request that its caller aborts': [
      'ABORT_ERR',
      async () => {
        const aborting = new AbortController()
        const req = http.get(`${url}/hang`, { signal: aborting.signal })
        setImmediate(() => aborting.abort())
        await once(req, 'error')
      },
    ],
    'a request that its caller destroys at once': [
      'ECONNRESET',
      async () => {
        const req = http.get(`${url}/hang`)
        req.destroy()
        await once(req, 'error')
      },
    ],
    'a request destroyed for its timeout': [
      'TOO_LATE',
      async () => {
        const req = http.get(`${url}/hang`, { timeout: 30 })
        req.on('timeout', () => req.destroy(Object.assign(new Error('too late'), { code: 'TOO_LATE' })))
        await once(req, 'error')
      },
    ],
  }

  test.each(Object.keys(failures))('%s is a warning in brief, once', async (what) => {
    const [code, act] = failures[what]!
    await inRequest(log, act)
    await until('the failure is told', () => log.events('outbound_failed').length > 0)
    const line = log.one('outbound_failed')
    expect(line).toMatchObject({ level: 'warning', request_id: 'outbound-1' })
    expect((line['error'] as { code?: string }).code).toBe(code)
    expect(line['error']).not.toHaveProperty('stack')
    expect(log.events('outbound_completed', 'outbound_slow')).toEqual([])
    const { host } = line as unknown as { host: string }
    expect(metric('http_client_request_duration_seconds_count', { host, status: 'error' })).toBe(1)
  })

  test('an upgrade is a call until the connection is handed over', async () => {
    const server = http.createServer()
    server.on('upgrade', (_req, socket: Socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'),
    )
    const { port, close } = await listening(server)
    endings.push(close)
    const headers = { connection: 'Upgrade', upgrade: 'echo' }
    await inRequest(log, async () => {
      const req = ended(http.request({ port, path: '/socket', headers }))
      const [, socket] = (await once(req, 'upgrade')) as [IncomingMessage, Socket]
      socket.destroy()
    })
    await until('the call is told', () => log.events('outbound_completed').length === 1)
    expect(log.one('outbound_completed')).toMatchObject({ status: 101, peer_path: '/socket' })
  })

  test('a CONNECT is a call to the proxy, without a path', async () => {
    const server = http.createServer()
    server.on('connect', (_req, socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
    const { port, close } = await listening(server)
    endings.push(close)
    await inRequest(log, async () => {
      const req = ended(http.request({ port, method: 'CONNECT', path: 'user:hunter2@elsewhere.example:443' }))
      const [, socket] = (await once(req, 'connect')) as [IncomingMessage, Socket]
      socket.destroy()
    })
    await until('the call is told', () => log.events('outbound_completed').length === 1)
    expect(log.one('outbound_completed')).toMatchObject({
      peer_method: 'CONNECT',
      // With the port only where Node's Host header names the proxy: as of Node 26 it names what lies behind.
      host: expect.stringMatching(/^localhost(:\d+)?$/) as string,
      peer_path: '/',
      status: 200,
    })
    expect(log.text).not.toContain('hunter2')
  })

  test('a response that is never read is a call until its connection ends', async () => {
    const agent = new Agent({ keepAlive: true })
    await inRequest(log, async () => void (await once(http.get(`${url}/a`, { agent }), 'response')))
    expect(log.events('outbound_completed')).toEqual([])
    agent.destroy()
    await until('the call is told', () => log.events('outbound_completed').length === 1)
  })
})

describe('the client behaves as ever', () => {
  test('an error that nobody listens for is still thrown', () => {
    const req = http.request({ port: peer.port, path: '/a' })
    expect(req.listenerCount('error')).toBe(0)
    expect(() => req.emit('error', new Error('nobody listens'))).toThrow('nobody listens')
    req.on('error', noop).destroy()
  })

  test('a response that nobody listens for is thrown away, and its connection is free again', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    http.get(`${url}/first`, { agent })
    expect(await bodyOf(http.get(`${url}/second`, { agent }))).toBe('answered')
    agent.destroy()
  })

  test('an upgrade that nobody listens for closes the connection', async () => {
    const server = http.createServer()
    const closed = gate()
    server.on('upgrade', (_req, socket: Socket) => {
      socket
        .on('error', noop)
        .on('end', () => socket.end(closed.open))
        .resume()
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    })
    const { port, close } = await listening(server)
    endings.push(close)
    ended(http.request({ port, headers: { connection: 'Upgrade', upgrade: 'echo' } }))
    await closed.opened
  })

  test('what it throws for bad options is thrown as it is, and is no call', async () => {
    await inRequest(log, () => {
      expect(() => http.request('http://localhost/a b', { path: '/a b' })).toThrow(
        expect.objectContaining({ code: 'ERR_UNESCAPED_CHARACTERS' }),
      )
      expect(() => http.get('no url')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_URL' }))
      expect(() => https.request('http://localhost/')).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_PROTOCOL' }),
      )
    })
    expect(log.lines.filter(({ event }) => event.startsWith('outbound_'))).toEqual([])
  })

  test('its functions keep their names, lengths and what others have put on them', () => {
    expect(http.request).toHaveProperty('wrappedByAnother', true)
    for (const each of [http.request, http.get, https.request, https.get]) {
      expect(['request', 'get']).toContain(each.name)
      expect(Object.keys(each)).toEqual(each === http.request ? ['wrappedByAnother'] : [])
    }
    expect([original.length, http.get.length, https.get.length]).toEqual([3, 3, 3])
  })

  test('a wrapper from before us is called, and so is one that comes after', async () => {
    const inner = http.request as (...parameters: unknown[]) => ClientRequest
    const after: unknown[] = []
    http.request = function (...parameters: unknown[]) {
      after.push(parameters.length)
      return inner(...parameters)
    } as typeof http.request
    seenBefore.length = 0
    try {
      await inRequest(log, () => bodyOf(ended(http.request(`${url}/wrapped`, noop))))
    } finally {
      http.request = inner as typeof http.request
    }
    expect(after).toEqual([2])
    expect(seenBefore.filter((path) => path !== '/call')).toEqual(['/wrapped'])
    expect(peer.heard[0]!.headers['x-request-id']).toBe('outbound-1')
    expect(log.events('outbound_completed')).toHaveLength(1)
  })

  test('many calls over one connection leave no listeners, and each has its own context', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const counts: number[] = []
    for (let i = 0; i < 30; i++) {
      const headers = { ...caller, 'x-request-id': `outbound-${100 + i}` }
      await inRequest(
        log,
        async () => {
          const req = http.get(`${url}/${i}`, { agent }, (res) => {
            getLogger('app').info('answered_in_context', { i })
            res.on('end', () => getLogger('app').info('read_in_context', { i }))
          })
          await bodyOf(req)
          counts.push(
            req.socket!.eventNames().reduce((sum, name) => sum + req.socket!.listenerCount(name), 0),
          )
        },
        headers,
      )
    }
    agent.destroy()
    expect(counts.slice(1)).toEqual(counts.slice(1).map(() => counts[1]))
    expect(new Set(peer.heard.map(({ headers }) => headers['x-request-id'])).size).toBe(30)
    const told = log.events('answered_in_context', 'read_in_context', 'outbound_completed')
    expect(told).toHaveLength(90)
    for (const line of log.events('answered_in_context', 'read_in_context'))
      expect(line['request_id']).toBe(`outbound-${100 + Number(line['i'])}`)
    for (const line of log.events('outbound_completed'))
      expect(line['request_id']).toBe(`outbound-${100 + Number(String(line['peer_path']).slice(1))}`)
  })

  test('calls that are over are not kept in memory', async () => {
    const requests: WeakRef<ClientRequest>[] = []
    await inRequest(log, async () => {
      for (let i = 0; i < 20; i++) {
        const req = http.get(`${url}/${i}`, { agent: false })
        requests.push(new WeakRef(req))
        await bodyOf(req)
      }
    })
    await until('most requests are collected', () => {
      collect()
      return requests.filter((each) => each.deref() !== undefined).length <= 2
    })
  })
})

test('hosts without number are bounded in the metric', () => {
  for (let i = 0; i < 2500; i++) new Call(targetOf('GET', `tenant-${i}.example`, '/')).completed()
  const { length } = series('http_client_request_duration_seconds_count')
  expect(length).toBeGreaterThan(1000)
  expect(length).toBeLessThanOrEqual(2001)
  expect(log.events('outbound_host_foreign')).toEqual([])
})

test.each([
  [{ slowMs: -1 }, 'slowMs must be a number of milliseconds, got -1.'],
  [{ slowMs: '5' }, 'slowMs must be a number of milliseconds, got 5.'],
  [{ slow: 5 }, 'slow is not an option; there are propagateTo and slowMs.'],
])('%j is refused', (options, message) => {
  expect(() => observeOutbound(options as object)).toThrow(`observeOutbound(): ${message}`)
})
