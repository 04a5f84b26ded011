import { afterEach, describe, expect, test } from 'vitest'
import { health } from '../../src/index.js'
import type { CheckFunction } from '../../src/health/options.js'
import { phase } from '../../src/health/phase.js'
import { eachAdapter } from '../support/adapters.js'
import { checkNamed, forgetChecks } from '../support/checks.js'
import { type Answer, ask } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const soon = { intervalMs: 20, timeoutMs: 30 }

afterEach(forgetChecks)

interface Body {
  readonly status: string
  readonly timestamp: string
  readonly checks: Readonly<Record<string, { status: string; latency_ms: number | null }>>
}

async function ready(port: number): Promise<{ answer: Answer; body: Body }> {
  const answer = await ask(port, '/health/ready')
  return { answer, body: JSON.parse(answer.body) as Body }
}

/** The readiness once `name` has the status. */
async function readyOnce(
  port: number,
  name: string,
  status: string,
): Promise<{ answer: Answer; body: Body }> {
  await until(`${name} is ${status}`, () => checkNamed(name).status === status)
  return ready(port)
}

eachAdapter((start) => {
  test('liveness has exactly its two members and touches no check', async () => {
    let asked = 0
    const { app, log } = await start()
    health.check('database', () => void asked++, { intervalMs: 60_000 })
    await until('the check ran once', () => asked === 1)
    const answer = await ask(app.port, '/health')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ status: 'ok', timestamp: expect.stringMatching(time) })
    expect(Object.keys(JSON.parse(answer.body))).toEqual(['status', 'timestamp'])
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(asked).toBe(1)
    expect(log.ends).toEqual([])
  })

  test('ready without checks is ok', async () => {
    const { app } = await start()
    const { answer, body } = await ready(app.port)
    expect(answer.status).toBe(200)
    expect(body).toEqual({ status: 'ok', timestamp: expect.stringMatching(time), checks: {} })
  })

  test('ready shows each check, and nothing of its error', async () => {
    const { app, log } = await start()
    health.check('database', () => Promise.reject(new Error('password=hunter2 refused')), soon)
    const { answer, body } = await readyOnce(app.port, 'database', 'error')
    expect(answer.status).toBe(503)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(body).toEqual({
      status: 'unavailable',
      timestamp: expect.stringMatching(time),
      checks: {
        database: {
          status: 'error',
          critical: true,
          latency_ms: expect.any(Number) as number,
          checked_at: expect.stringMatching(time) as string,
        },
      },
    })
    expect(Object.keys(body.checks['database']!)).toEqual(['status', 'critical', 'latency_ms', 'checked_at'])
    expect(log.text).not.toContain('hunter2')
    expect(metric('health_check_up', { check: 'database' })).toBe(0)
  })

  test('a failing check that is not critical only degrades', async () => {
    const { app } = await start()
    health.check('search', () => false, { ...soon, critical: false })
    const { answer, body } = await readyOnce(app.port, 'search', 'error')
    expect([answer.status, body.status]).toEqual([200, 'degraded'])
  })

  test('starting until every critical check has answered once', async () => {
    const { app } = await start()
    let answerCheck = (): void => undefined
    health.check('database', () => new Promise<void>((resolve) => (answerCheck = resolve)), {
      timeoutMs: 60_000,
    })
    const before = await ready(app.port)
    expect([before.answer.status, before.body.status]).toEqual([503, 'starting'])
    expect(before.body.checks['database']).toEqual({
      status: 'pending',
      critical: true,
      latency_ms: null,
      checked_at: null,
    })
    const startup = await ask(app.port, '/health/startup')
    expect([startup.status, JSON.parse(startup.body)]).toEqual([
      503,
      { status: 'starting', timestamp: expect.stringMatching(time) },
    ])
    answerCheck()
    const after = await readyOnce(app.port, 'database', 'ok')
    expect([after.answer.status, after.body.status]).toEqual([200, 'ok'])
    const started = await ask(app.port, '/health/startup')
    expect([started.status, JSON.parse(started.body)]).toEqual([
      200,
      { status: 'ok', timestamp: expect.stringMatching(time) },
    ])
  })

  test('draining is unready, alive and started', async () => {
    const { app } = await start()
    phase.draining = true
    const { answer, body } = await ready(app.port)
    expect([answer.status, body.status]).toEqual([503, 'draining'])
    expect((await ask(app.port, '/health')).status).toBe(200)
    expect((await ask(app.port, '/health/startup')).status).toBe(200)
  })

  test.each(['/health', '/health/ready', '/health/startup', '/metrics'])(
    'HEAD, query and last slash of %s',
    async (path) => {
      const { app } = await start()
      const head = await ask(app.port, path, { method: 'HEAD' })
      expect([head.status, head.body, head.headers['cache-control']]).toEqual([200, '', 'no-store'])
      expect(Number(head.headers['content-length'])).toBeGreaterThan(0)
      expect((await ask(app.port, `${path}?probe=1`)).status).toBe(200)
      expect((await ask(app.port, `${path}/`)).status).toBe(200)
      for (const method of ['POST', 'PUT', 'DELETE']) {
        expect([method, (await ask(app.port, path, { method })).status]).toEqual([method, 404])
      }
    },
  )
})

eachAdapter((start) => {
  test('a group of its own is answered below /health while a check names it', async () => {
    const { app } = await start()
    expect((await ask(app.port, '/health/reports')).status).toBe(404)
    health.check('warehouse', () => false, { ...soon, groups: ['reports'] })
    await until('it failed', () => checkNamed('warehouse').status === 'error')
    const answer = await ask(app.port, '/health/reports/?x=1')
    expect([answer.status, answer.headers['cache-control']]).toEqual([503, 'no-store'])
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 'unavailable',
      checks: { warehouse: { status: 'error' } },
    })
    expect((await ready(app.port)).body).toMatchObject({ status: 'ok', checks: {} })
    expect((await ask(app.port, '/health/live')).status).toBe(404)
    expect((await ask(app.port, '/health/reports/more')).status).toBe(404)
  })
})

describe('a check fails that', () => {
  const cases: [string, CheckFunction, string][] = [
    [
      'throws',
      () => {
        throw new Error('no')
      },
      'error',
    ],
    ['rejects', () => Promise.reject(new Error('no')), 'error'],
    ['throws a text', () => Promise.reject('no'), 'error'],
    ['returns false', () => false, 'error'],
    ['resolves to false', async () => false, 'error'],
    ['hangs', () => new Promise(() => undefined), 'timeout'],
    ['answers too late', () => new Promise((resolve) => setTimeout(resolve, 200)), 'timeout'],
  ]
  eachAdapter((start) => {
    test.each(cases)('%s', async (_what, check, status) => {
      const { app, log } = await start()
      health.check('dependency', check, soon)
      const { body } = await readyOnce(app.port, 'dependency', status)
      expect(body.status).toBe('unavailable')
      expect(body.checks['dependency']!.status).toBe(status)
      expect(log.events('health_check_failed').length).toBe(1)
      expect(log.one('health_check_failed')).toMatchObject({
        level: 'warning',
        check: 'dependency',
        critical: true,
      })
    })

    test('and recovers, said once each way', async () => {
      const { app, log } = await start()
      let well = false
      health.check('dependency', () => well, { intervalMs: 5 })
      await readyOnce(app.port, 'dependency', 'error')
      well = true
      const { body } = await readyOnce(app.port, 'dependency', 'ok')
      expect(body.status).toBe('ok')
      expect(log.events('health_check_failed', 'health_check_recovered').map(({ event }) => event)).toEqual([
        'health_check_failed',
        'health_check_recovered',
      ])
      expect(metric('health_check_up', { check: 'dependency' })).toBe(1)
    })
  }, undefined)
})
