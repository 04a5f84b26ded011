import { afterEach, describe, expect, test } from 'vitest'
import { health } from '../../src/index.js'
import { phase } from '../../src/health/phase.js'
import { adminStarter } from '../support/admin.js'
import { checkNamed, forgetChecks } from '../support/checks.js'
import { RawConnection } from '../support/client.js'
import { until } from '../support/until.js'

const start = adminStarter()
afterEach(forgetChecks)

const token = 'S3cretAdm1nToken'
const bearer = { authorization: `Bearer ${token}` }
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string
const plain = { critical: true, latency_ms: expect.any(Number) as number, checked_at: time }

interface Body {
  readonly status: string
  readonly checks?: Readonly<Record<string, object>>
}
const bodyOf = (body: string): Body => JSON.parse(body) as Body

/** A check that fails with a secret in its text, and has failed. */
async function failing(groups: readonly string[] = ['ready']): Promise<void> {
  health.check(
    'database',
    () => Promise.reject(Object.assign(new Error('no: password=hunter2 refused'), { code: 'E42' })),
    { groups },
  )
  await until('it has failed', () => checkNamed('database').status === 'error')
}

test('readiness with what failed, since when and how often, for who may use the controls', async () => {
  const admin = await start()
  await failing(['ready', 'reports'])
  for (const path of ['/health/ready', '/health/ready/?x=1', '/health/reports']) {
    const answer = await admin.ask(path)
    expect([path, answer.status]).toEqual([path, 503])
    expect(bodyOf(answer.body)).toEqual({
      status: 'unavailable',
      timestamp: time,
      checks: {
        database: {
          ...plain,
          status: 'error',
          changed_at: time,
          failures: expect.any(Number) as number,
          error: expect.stringMatching(/^no: password=\[REDACTED\].*\(E42\)$/) as string,
          groups: ['ready', 'reports'],
        },
      },
    })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  }
})

test('liveness and startup name their checks there, too', async () => {
  const admin = await start()
  health.check('loop', () => true, { groups: ['live'] })
  health.check('cache', () => true, { startup: true })
  await until('both have answered', () => ['loop', 'cache'].every((name) => checkNamed(name).status === 'ok'))
  expect(bodyOf((await admin.ask('/health')).body).checks).toEqual({
    loop: { ...plain, status: 'ok', changed_at: time, groups: ['live'] },
  })
  expect(Object.keys(bodyOf((await admin.ask('/health/startup')).body).checks!)).toEqual(['cache'])
})

test('a check that hangs says for how long', async () => {
  const admin = await start()
  health.check('queue', () => new Promise(() => undefined), { timeoutMs: 20 })
  await until('it is late', () => checkNamed('queue').status === 'timeout')
  expect(bodyOf((await admin.ask('/health/ready')).body).checks!['queue']).toMatchObject({
    status: 'timeout',
    running_ms: expect.any(Number) as number,
    error: 'no answer within 20 ms',
  })
})

describe('anyone else has the body that the app gives', () => {
  test.each([
    ['without the token', { port: 0, token }, {}],
    ['with another token', { port: 0, token }, { authorization: 'Bearer S3cretAdm1nTokex' }],
    ['without it, elsewhere than on loopback', { port: 0, host: '0.0.0.0', token }, {}],
    ['through a proxy, where there is no token', { port: 0 }, { 'x-forwarded-for': '203.0.113.9' }],
  ])('%s', async (_name, options, headers) => {
    const admin = await start(options)
    await failing(['ready', 'reports'])
    for (const path of ['/health/ready', '/health/reports']) {
      const answer = await admin.ask(path, { headers })
      expect([path, answer.status]).toEqual([path, 503])
      expect(bodyOf(answer.body).checks).toEqual({ database: { ...plain, status: 'error' } })
    }
    const alive = await admin.ask('/health', { headers })
    expect([alive.status, bodyOf(alive.body)]).toEqual([200, { status: 'ok', timestamp: time }])
    expect(Object.keys(bodyOf((await admin.ask('/health/startup', { headers })).body))).toEqual([
      'status',
      'timestamp',
    ])
    expect(admin.log.events('admin_refused', 'admin_used')).toEqual([])
  })

  test('with the token through a proxy there are details', async () => {
    const admin = await start({ port: 0, host: '0.0.0.0', token })
    await failing()
    const headers = { ...bearer, via: '1.1 proxy' }
    expect((await admin.ask('/health/ready', { headers })).body).toContain('changed_at')
  })
})

test.each(['/health', '/health/ready', '/health/startup', '/health/reports'])(
  '%s by HEAD, with a query, with a last slash; not changed, and without an event',
  async (path) => {
    const admin = await start({ port: 0 }, { log: { level: 'info' } })
    health.check('reports', () => true, { groups: ['ready', 'reports'] })
    await until('it is ready', () => checkNamed('reports').status === 'ok')
    const before = admin.log.lines.length
    const head = await admin.ask(path, { method: 'HEAD' })
    expect([head.status, head.body]).toEqual([200, ''])
    for (const asked of [`${path}?probe=1`, `${path}/`]) expect((await admin.ask(asked)).status).toBe(200)
    expect(admin.log.lines).toHaveLength(before)
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await admin.ask(path, { method })
      expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'GET, HEAD'])
    }
  },
)

test.each(['/health/nobodys', '/health/live', '/health/a/b', '/health//ready', '/health/%ff', '/Health'])(
  '%s is not there, with or without the token',
  async (path) => {
    const admin = await start({ port: 0, token })
    for (const headers of [{}, bearer])
      expect([path, (await admin.ask(path, { headers })).status]).toEqual([path, 404])
  },
)

test('it is answered while the process drains', async () => {
  const admin = await start()
  phase.draining = true
  const ready = await admin.ask('/health/ready')
  expect([ready.status, bodyOf(ready.body).status]).toEqual([503, 'draining'])
  expect((await admin.ask('/health')).status).toBe(200)
  expect((await admin.ask('/metrics')).status).toBe(200)
})

describe('the Host header of what is read', () => {
  const reads = ['/health', '/metrics']
  const names = ['10.0.0.5:9464', '203.0.113.9', '[2001:db8::1]:9464', 'pod-7', 'app.shop.svc:9464']
  const below = ['app.shop.svc.cluster.local', 'nas.local', 'ip-10-0-0-5.eu-west-1.compute.internal']

  test.each([...names, ...below])('%s is answered where others reach the listener', async (host) => {
    const open = await start({ port: 0, host: '0.0.0.0', token })
    for (const path of reads) expect((await open.ask(path, { headers: { host } })).status).toBe(200)
    const control = await open.ask('/log/level', { headers: { host, ...bearer } })
    expect(control.status).toBe(403)
  })

  test.each([...names, ...below])('%s is refused on loopback', async (host) => {
    const admin = await start()
    for (const path of reads) {
      const answer = await admin.ask(path, { headers: { host } })
      expect([answer.status, (JSON.parse(answer.body) as { error: string }).error]).toEqual([403, 'bad_host'])
    }
  })

  test.each(['evil.example', 'svc.evil.example', '127.0.0.1.evil.example', 'localhost/evil', 'a b'])(
    '%j is refused everywhere, unless the token is sent',
    async (host) => {
      const open = await start({ port: 0, host: '0.0.0.0', token })
      for (const path of reads) {
        expect((await open.ask(path, { headers: { host } })).status).toBe(403)
        expect((await open.ask(path, { headers: { host, ...bearer } })).status).toBe(200)
      }
    },
  )

  test("may be missing in HTTP/1.0, as in load balancers' checks, where others reach the listener", async () => {
    const answers: string[] = []
    for (const host of ['0.0.0.0', '127.0.0.1']) {
      const admin = await start({ port: 0, host, token })
      const connection = new RawConnection(admin.port)
      connection.send('GET /health HTTP/1.0\r\n\r\n')
      await connection.closed
      answers.push(connection.text.split('\r\n', 1)[0]!)
      await admin.log.telltale.shutdown()
    }
    expect(answers).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 403 Forbidden'])
  })

  test.each([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    '%j is refused, reading too, even with the token',
    async (headers) => {
      const open = await start({ port: 0, host: '0.0.0.0', token })
      for (const path of [...reads, '/', '/nowhere'])
        expect((await open.ask(path, { headers: { ...headers, ...bearer } })).status).toBe(403)
    },
  )
})
