import { execFileSync } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requireBinary } from '../../../../scripts/testing/binaries.mjs'
import { observeExpress } from '../../src/adapters/express.js'
import { observeHttp } from '../../src/adapters/http.js'
import { type EndpointOptions, moveMetrics } from '../../src/http/endpoints.js'
import { health } from '../../src/index.js'
import { isDirectPrivatePeer, isPrivateAddress } from '../../src/http/peer.js'
import { adapters, eachAdapter } from '../support/adapters.js'
import { forgetChecks } from '../support/checks.js'
import { ask } from '../support/client.js'
import { metric, parseScrape } from '../support/scrape.js'
import { state } from '../support/slots.js'

beforeEach(() => state<Set<string>>('http.said').clear())
afterEach(() => {
  moveMetrics(undefined)
  forgetChecks()
})

const promtool = { name: 'promtool', install: 'apt-get install prometheus' }

eachAdapter((start) => {
  test('each path may be moved or stopped', async () => {
    const paths = {
      health: '/livez',
      ready: '/readyz',
      startup: false,
      metrics: '/internal/metrics',
    } as const
    const { app } = await start({ endpoints: { paths } })
    const statuses: Record<string, number> = {}
    for (const path of [
      '/livez',
      '/readyz',
      '/internal/metrics',
      '/health',
      '/health/ready',
      '/health/startup',
      '/metrics',
    ]) {
      statuses[path] = (await ask(app.port, path)).status
    }
    expect(statuses).toEqual({
      '/livez': 200,
      '/readyz': 200,
      '/internal/metrics': 200,
      '/health': 404,
      '/health/ready': 404,
      '/health/startup': 404,
      '/metrics': 404,
    })
  })

  test.each([
    ['/probes', [503, 404]],
    [false, [404, 404]],
  ] as const)('groups of checks may be moved or stopped: %s', async (groups, statuses) => {
    health.check('warehouse', () => false, { groups: ['reports'] })
    const { app } = await start({ endpoints: { paths: { groups } } })
    const paths = ['/probes/reports', '/health/reports']
    expect(await Promise.all(paths.map(async (path) => (await ask(app.port, path)).status))).toEqual(statuses)
  })

  test("metrics that have moved are the app's own 404, and that is said once", async () => {
    moveMetrics('http://127.0.0.1:9464')
    const { app, log } = await start()
    for (const path of ['/metrics', '/metrics/']) expect((await ask(app.port, path)).status).toBe(404)
    expect(log.one('metrics_moved')).toMatchObject({ level: 'info', to: 'http://127.0.0.1:9464' })
  })

  test('metrics that have moved are answered where the adapter is told to', async () => {
    moveMetrics('http://127.0.0.1:9464')
    const { app } = await start({ endpoints: { paths: { metrics: '/metrics' } } })
    expect((await ask(app.port, '/metrics')).status).toBe(200)
  })

  test('an endpoint is no request: no line at info, no metric, none in progress', async () => {
    const { app, log } = await start()
    const before = metric('http_requests_total')
    for (const path of ['/health', '/health/ready', '/health/startup', '/metrics']) await ask(app.port, path)
    const { body } = await ask(app.port, '/metrics')
    expect(log.ends).toEqual([])
    const counted = parseScrape(body).filter((sample) => sample.name === 'http_requests_total')
    expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(before)
  })

  test('promtool accepts the scrape of a service at work', async () => {
    const file = requireBinary(promtool)
    const { app, log } = await start()
    for (const path of ['/hello', '/users/1/orders/2', '/throw', '/nowhere']) await ask(app.port, path)
    await log.ended(4)
    const { headers, body } = await ask(app.port, '/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(execFileSync(file, ['check', 'metrics'], { input: body, encoding: 'utf8' })).toBe('')
    const names = new Set(parseScrape(body).map((sample) => sample.name))
    for (const wanted of [
      'http_requests_total',
      'http_request_duration_seconds_bucket',
      'http_requests_in_progress',
    ]) {
      expect(names).toContain(wanted)
    }
  })

  test.each([
    ['Forwarded', 'for=203.0.113.9'],
    ['X-Forwarded-For', '10.0.0.9'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Prefix', '/api'],
    ['Via', '1.1 proxy'],
  ])("a scrape with %s gets the app's own 404, said once", async (header, value) => {
    const { app, log } = await start()
    const refused = await ask(app.port, '/metrics', { headers: { [header]: value } })
    const unknown = await ask(app.port, '/nowhere', { headers: { [header]: value } })
    await ask(app.port, '/metrics', { headers: { [header]: value } })
    await log.ended(3)
    expect(refused.status).toBe(404)
    expect(refused.body.replaceAll('/metrics', '')).toBe(unknown.body.replaceAll('/nowhere', ''))
    expect(log.one('metrics_refused')).toMatchObject({
      level: 'warning',
      peer: expect.stringContaining('127.0.0.1'),
    })
    expect(log.ends.map(({ event, route }) => `${event} ${String(route)}`)[0]).toBe(
      'request_completed unmatched',
    )
  })

  test("'public' answers whoever asks", async () => {
    const { app } = await start({ endpoints: { metrics: 'public' } })
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    expect((await ask(app.port, '/metrics', { headers })).status).toBe(200)
  })

  test('a token is needed by everyone, and never written', async () => {
    const { app, log } = await start({ endpoints: { metrics: { token: 'a-scrape-token-1' } } })
    const get = async (authorization?: string): Promise<number> =>
      (await ask(app.port, '/metrics', { headers: authorization === undefined ? {} : { authorization } }))
        .status
    expect(await get('Bearer a-scrape-token-1')).toBe(200)
    expect(await get()).toBe(404)
    expect(await get('Bearer a-scrape-token-2')).toBe(404)
    expect(await get('Bearer a-scrape-token-1 ')).toBe(200)
    expect(await get('Basic a-scrape-token-1')).toBe(404)
    await log.ended(3)
    expect(log.text).not.toContain('a-scrape-token')
  })
})

eachAdapter(
  (start) => {
    test("a route of the app's own wins, and that is said once", async () => {
      const { app, log } = await start({ own: ['/health', '/metrics'] })
      for (const path of ['/health', '/health', '/metrics', '/metrics']) {
        expect([path, (await ask(app.port, path)).body]).toEqual([path, "the app's own"])
      }
      await log.ended(4)
      expect(log.events('endpoint_shadowed').map((line) => line['endpoint'])).toEqual(['/health', '/metrics'])
      expect(log.ends.map((line) => line['route'])).toEqual(['/health', '/health', '/metrics', '/metrics'])
      expect((await ask(app.port, '/health/ready')).body).toContain('"status"')
    })
  },
  adapters.filter(({ name }) => name !== 'http'),
)

describe('options', () => {
  test.each([
    [{ paths: { health: 'livez' } }, /paths\.health must be a path such as "\/health" or false, got livez/],
    [{ paths: { ready: 5 } }, /paths\.ready must be a path .* got 5/],
    [
      { paths: { live: '/x' } },
      /paths\.live is not an endpoint; there are health, ready, startup, metrics, groups/,
    ],
    [{ metrics: 'private' }, /metrics must be 'public' or \{ token/],
    [{ metrics: { token: '' } }, /a token that is not empty/],
  ])('%j is refused where it is given', async (options, message) => {
    const given = options as unknown as EndpointOptions
    expect(() => observeExpress(given)).toThrow(message)
    expect(() => observeHttp(() => undefined, given)).toThrow(message)
    await expect(adapters[0]!.start({ endpoints: given })).rejects.toThrow(message)
  })
})

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:10.1.2.3', true],
  ['10.255.0.1', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.4.4', true],
  ['169.254.169.254', true],
  ['fe80::1%eth0', true],
  ['fd00::1', true],
  ['2001:db8::1', false],
  ['8.8.8.8', false],
  ['::ffff:8.8.8.8', false],
  ['100.64.0.1', false],
  ['', false],
  ['localhost', false],
])('the address %j is private: %j', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected)
})

test.each([
  ['127.0.0.1', {}, true],
  ['10.0.0.7', { host: 'a' }, true],
  [undefined, {}, true],
  ['203.0.113.9', {}, false],
  ['2001:db8::1', {}, false],
  ['127.0.0.1', { via: '1.1 proxy' }, false],
  ['127.0.0.1', { forwarded: '' }, false],
  ['127.0.0.1', { 'x-forwarded-anything': 'x' }, false],
])('a peer at %s with %j is direct and private: %j', (remoteAddress, headers, expected) => {
  expect(isDirectPrivatePeer({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)).toBe(
    expected,
  )
})
