import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { counter, gauge } from '../../src/index.js'
import { eachAdapter } from '../support/adapters.js'
import { adminStarter } from '../support/admin.js'
import type { Capture } from '../support/capture.js'
import { ask, RawConnection } from '../support/client.js'
import { state } from '../support/slots.js'
import { gate, until } from '../support/until.js'

beforeEach(() => state<Set<string>>('http.said').clear())

const start = adminStarter()
const token = 'S3cretAdm1nToken'
counter('admin_asked_total', { help: 'Counted.' }).inc(3)
counter('admin_other_total', { help: 'Not asked for.' })

async function listens(log: Capture): Promise<number> {
  await until('the listener is open', () => log.events('admin_listening').length > 0)
  return Number(new URL(String(log.one('admin_listening')['url'])).port)
}

describe('on the admin listener', () => {
  test.each([
    ['text', '*/*', /^text\/plain; ?version=0\.0\.4/],
    ['OpenMetrics', 'application/openmetrics-text;version=1.0.0', /^application\/openmetrics-text/],
    [
      'protobuf',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
      /^application\/vnd\.google\.protobuf/,
    ],
  ])('as %s', async (_name, accept, type) => {
    const admin = await start()
    const answer = await admin.ask('/metrics', { headers: { accept } })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, expect.stringMatching(type)])
    expect(answer.body).toContain('admin_asked_total')
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      connection: 'close',
    })
  })

  test('gzipped, where that is taken', async () => {
    const admin = await start()
    const response = await fetch(`${admin.url}/metrics`, { headers: { 'accept-encoding': 'gzip' } })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toContain('admin_asked_total 3\n')
    const connection = new RawConnection(admin.port)
    connection.send('GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n')
    await connection.closed
    const body = Buffer.from(connection.text, 'latin1').subarray(connection.text.indexOf('\r\n\r\n') + 4)
    expect(gunzipSync(body).toString()).toContain('admin_asked_total 3\n')
  })

  test('of the names that are asked for', async () => {
    const admin = await start()
    const { body } = await admin.ask('/metrics?name[]=admin_asked_total')
    expect(body.split('\n').filter((line) => !line.startsWith('#'))).toEqual(['admin_asked_total 3', ''])
  })

  test('by HEAD, and with a last slash; not changed', async () => {
    const admin = await start()
    const head = await admin.ask('/metrics', { method: 'HEAD' })
    expect([head.status, head.body]).toEqual([200, ''])
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0)
    expect((await admin.ask('/metrics/?x=1')).body).toContain('admin_asked_total 3\n')
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await admin.ask('/metrics', { method })
      expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'GET, HEAD'])
    }
  })

  test('without an event, unless the level is debug', async () => {
    const admin = await start({ port: 0 }, { log: { level: 'info' } })
    const before = admin.log.lines.length
    await admin.ask('/metrics')
    expect(admin.log.lines).toHaveLength(before)
    await admin.put({ levels: 'debug' })
    await admin.ask('/metrics')
    expect(admin.log.events('request_completed')).toEqual([
      expect.objectContaining({ level: 'debug', path: '/metrics', status: 200 }),
    ])
  })
})

describe('who may read them', () => {
  const proxied = { 'x-forwarded-for': '203.0.113.9' }

  test('any direct private peer, without a token', async () => {
    const admin = await start({ port: 0, host: '0.0.0.0', token })
    expect((await admin.ask('/metrics')).status).toBe(200)
  })

  test.each(['via', 'forwarded', 'x-forwarded-proto', 'cf-ray'])(
    'what a proxy passes on, by %s, with the token alone',
    async (name) => {
      const admin = await start({ port: 0, host: '0.0.0.0', token })
      const refused = await admin.ask('/metrics', { headers: { [name]: '1' } })
      expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      expect(admin.log.one('admin_refused')).toMatchObject({ reason: 'token_needed' })
      const headers = { [name]: '1', authorization: `Bearer ${token}` }
      expect((await admin.ask('/metrics', { headers })).status).toBe(200)
    },
  )

  test('where there is no token, nothing that a proxy passes on', async () => {
    const admin = await start()
    const answer = await admin.ask('/metrics', { headers: proxied })
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      403,
      expect.objectContaining({ error: 'proxied' }),
    ])
    expect(answer.body).not.toContain('admin_asked_total')
  })
})

eachAdapter((startApp) => {
  test('while the listener is there the app has none, which is said once', async () => {
    const { app, log } = await startApp({}, { admin: { port: 0 } })
    const port = await listens(log)
    for (let n = 0; n < 3; n++) {
      const answer = await ask(app.port, '/metrics')
      expect([answer.status, answer.body.includes('admin_asked_total')]).toEqual([404, false])
    }
    expect(log.one('metrics_moved')).toMatchObject({ level: 'info', to: `http://127.0.0.1:${port}` })
    expect((await ask(port, '/metrics')).body).toContain('admin_asked_total 3\n')
    for (const path of ['/health', '/health/ready', '/health/startup'])
      expect([path, (await ask(app.port, path)).status]).toEqual([path, 200])
  })

  test('once the listener has closed they are on the app again', async () => {
    const { app: first, log } = await startApp({}, { admin: { port: 0 } })
    await listens(log)
    expect((await ask(first.port, '/metrics')).status).toBe(404)
    await log.telltale.shutdown()
    const { app: second } = await startApp()
    expect((await ask(second.port, '/metrics')).body).toContain('admin_asked_total 3\n')
  })

  test.each([
    [{ metrics: 'public' }, '/metrics'],
    [{ metrics: { token } }, '/metrics'],
    [{ paths: { metrics: '/metrics' } }, '/metrics'],
    [{ paths: { metrics: '/internal/metrics' } }, '/internal/metrics'],
  ] as const)('an app that is told to answer them goes on: %j', async (endpoints, path) => {
    const { app, log } = await startApp({ endpoints }, { admin: { port: 0 } })
    const port = await listens(log)
    const headers = { authorization: `Bearer ${token}` }
    expect((await ask(app.port, path, { headers })).body).toContain('admin_asked_total 3\n')
    expect((await ask(port, '/metrics')).status).toBe(200)
    expect(log.events('metrics_moved')).toEqual([])
  })

  test('where the port is taken they stay on the app', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { app, log } = await startApp({}, { admin: { port } })
    await until('it is said', () => log.events('admin_not_listening').length > 0)
    expect((await ask(app.port, '/metrics')).body).toContain('admin_asked_total 3\n')
    expect(log.events('metrics_moved')).toEqual([])
    await new Promise((resolve) => other.close(resolve))
  })
})

describe('a scrape', () => {
  test('that takes longer than a connection may be idle is not cut', async () => {
    const begun = performance.now()
    const ready = gate()
    let asked = false
    gauge('admin_slow', {
      help: 'Takes its time.',
      timeoutMs: 9000,
      collect: async (slow) => {
        asked = true
        await ready.opened
        slow.set(5)
      },
    })
    const admin = await start()
    const answer = admin.ask('/metrics?name[]=admin_slow')
    await until('it is collected', () => asked)
    // Idle connections are closed after 5 s, looked for each second.
    await until('the time is over', () => performance.now() - begun > 6500)
    ready.open()
    expect((await answer).body).toContain('admin_slow 5\n')
  })

  test('under way is not cut to make room for others', async () => {
    const ready = gate()
    let asked = false
    gauge('admin_waiting', {
      help: 'Waits.',
      timeoutMs: 9000,
      collect: async (waiting) => {
        asked = true
        await ready.opened
        waiting.set(7)
      },
    })
    const admin = await start()
    const answer = admin.ask('/metrics?name[]=admin_waiting')
    await until('it is collected', () => asked)
    const others = Array.from({ length: 300 }, () => new RawConnection(admin.port))
    await until('room was made', () => others.filter(({ isClosed }) => isClosed).length >= 45)
    ready.open()
    expect((await answer).body).toContain('admin_waiting 7\n')
    for (const { socket } of others) socket.destroy()
  })

  test('and a kubelet with ten probes are answered, whoever holds connections open', async () => {
    const admin = await start()
    const held = Array.from({ length: 300 }, () => new RawConnection(admin.port))
    await until('the first had to make room', () => held.filter(({ isClosed }) => isClosed).length >= 44)
    const probes = ['/health', '/health/ready', '/health/startup', '/metrics']
    for (let round = 0; round < 3; round++) {
      const asked = Array.from({ length: 10 }, (_, n) => admin.ask(probes[n % probes.length]!))
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(10).fill(200))
    }
    for (const { socket } of held) socket.destroy()
  })
})
