import { afterEach, describe, expect, test } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { checkNamed, forgetChecks } from '../../test/support/checks.js'
import { state } from '../../test/support/slots.js'
import { until } from '../../test/support/until.js'
import { checksOf, health } from './checks.js'
import { phase } from './phase.js'
import { renderMetrics } from '../metrics/index.js'
import type { CheckOptions } from './options.js'
import { groupReport, hasOwnGroup, liveness, readiness, startup } from './reports.js'

afterEach(forgetChecks)

test('a probe after shutdown begins no checks; a new setup does', async () => {
  const first = new Capture()
  let calls = 0
  health.check('database', () => void calls++, { intervalMs: 60_000 })
  await until('it was asked', () => calls === 1)
  await first.telltale.shutdown()
  expect(readiness()).toMatchObject({ code: 503, body: { status: 'draining' } })
  startup()
  expect([calls, state<{ on: boolean }>('health.running').on]).toEqual([1, false])
  const second = new Capture()
  await until('it was asked again', () => calls === 2)
  await second.telltale.shutdown()
  expect(checksOf('ready')).toHaveLength(1)
})

test('a probe where there was no setup begins them', async () => {
  let calls = 0
  health.check('database', () => void calls++, { intervalMs: 60_000 })
  expect(calls).toBe(0)
  readiness()
  await until('it was asked', () => calls === 1)
})

test('health_ready is 1 where readiness answers 200, else 0', async () => {
  const scraped = async (): Promise<string | undefined> => {
    const { chunks } = await renderMetrics({ names: ['health_ready'] })
    return /^health_ready (.*)$/m.exec(Buffer.concat(chunks).toString())?.[1]
  }
  const agree = async (status: string, value: '0' | '1'): Promise<void> => {
    expect([readiness().body.status, await scraped()]).toEqual([status, value])
  }
  let passes = false
  health.check('database', () => passes, { intervalMs: 10 })
  health.check('mailer', () => passes, { intervalMs: 10, critical: false })
  await agree('starting', '0')
  await until('it failed', () => readiness().body.status === 'unavailable')
  await agree('unavailable', '0')
  health.check('database', () => true, { intervalMs: 10 })
  await until('only the optional one fails', () => readiness().body.status === 'degraded')
  await agree('degraded', '1')
  passes = true
  await until('both pass', () => readiness().body.status === 'ok')
  await agree('ok', '1')
  phase.draining = true
  await agree('draining', '0')
})

const often = { intervalMs: 5, timeoutMs: 1000 }

/** A check whose answer the test turns; undefined hangs. */
function turning(
  name: string,
  first: boolean | undefined,
  options: CheckOptions = {},
): (now: boolean) => void {
  let passes = first
  let turned = (): void => undefined
  const answer = (): unknown => passes ?? new Promise((resolve) => (turned = () => resolve(passes)))
  health.check(name, answer, { ...often, timeoutMs: 60_000, ...options })
  return (now) => {
    passes = now
    turned()
  }
}

describe('one of several is enough', () => {
  const status = (): unknown => readiness().body['status']

  test('while one passes, the failing other degrades', async () => {
    const primary = turning('primary', false, { oneOf: 'database' })
    const replica = turning('replica', true, { oneOf: 'database' })
    await until('both answered', () => status() === 'degraded')
    replica(false)
    await until('both fail', () => status() === 'unavailable')
    primary(true)
    await until('one passes', () => status() === 'degraded')
    replica(true)
    await until('both pass', () => status() === 'ok')
  })

  test('while one passes, nobody waits for the other', async () => {
    turning('primary', undefined, { oneOf: 'database' })
    turning('replica', true, { oneOf: 'database' })
    await until('it is ready', () => status() === 'ok')
    expect(startup().code).toBe(200)
  })

  test('and one that fails is not enough for the start', async () => {
    const primary = turning('primary', undefined, { oneOf: 'database' })
    turning('replica', false, { oneOf: 'database' })
    readiness()
    await until('one answered', () => checkNamed('replica').status === 'error')
    expect(status()).toBe('starting')
    primary(true)
    await until('one passes', () => status() === 'degraded')
  })
})

describe('the start', () => {
  test('waits until a check with startup has passed, and then never again', async () => {
    const migrated = turning('migrations', false, { startup: true, critical: false })
    startup()
    await until('it failed', () => checkNamed('migrations').status === 'error')
    expect([startup().body['status'], readiness().body['status']]).toEqual(['starting', 'starting'])
    migrated(true)
    await until('it started', () => startup().code === 200)
    expect(readiness().body['status']).toBe('ok')
    migrated(false)
    await until('it fails', () => readiness().body['status'] === 'degraded')
    expect(startup()).toMatchObject({ code: 200, body: { status: 'ok' } })
  })

  test('a check of the group startup alone is no part of readiness', async () => {
    const warmed = turning('cache', false, { groups: ['startup'] })
    readiness()
    await until('it failed', () => checkNamed('cache').status === 'error')
    expect(readiness().body).toMatchObject({ status: 'starting', checks: {} })
    warmed(true)
    await until('it started', () => readiness().body['status'] === 'ok')
  })
})

describe('liveness', () => {
  test('asks nothing that is not in its group, and is 200 whatever fails', async () => {
    turning('database', false)
    readiness()
    await until('it failed', () => readiness().body['status'] === 'unavailable')
    expect(liveness()).toEqual({ code: 200, body: { status: 'ok', timestamp: expect.any(String) as string } })
    phase.draining = true
    expect(liveness().code).toBe(200)
  })

  test('is 503 while a critical check of its group fails', async () => {
    const turn = turning('deadlock', undefined, { groups: ['live'] })
    turning('advice', false, { groups: ['live'], critical: false })
    expect(liveness().code).toBe(200)
    await until('the other failed', () => checkNamed('advice').status === 'error')
    expect(liveness().code).toBe(200)
    turn(false)
    await until('it failed', () => liveness().code === 503)
    expect(liveness().body).toEqual({ status: 'unavailable', timestamp: expect.any(String) as string })
    expect(readiness().body).toMatchObject({ status: 'ok', checks: {} })
    turn(true)
    await until('it passes', () => liveness().code === 200)
  })
})

describe("a group of one's own", () => {
  test('has the report of its checks alone', async () => {
    turning('warehouse', false, { groups: ['reports'] })
    turning('database', true, { groups: ['ready', 'reports'], critical: false })
    await until('both answered', () => groupReport('reports').body['status'] === 'unavailable')
    expect(Object.keys(groupReport('reports').body['checks'] as object)).toEqual(['warehouse', 'database'])
    expect(readiness().body).toMatchObject({ status: 'ok', checks: { database: { status: 'ok' } } })
    phase.draining = true
    expect(groupReport('reports')).toMatchObject({ code: 503, body: { status: 'draining' } })
  })

  test('is there as soon as a check names it, and is none of those with a meaning', () => {
    expect(hasOwnGroup('reports')).toBe(false)
    health.check('warehouse', () => true, { groups: ['reports', 'live', 'ready', 'startup'] })
    expect(['reports', 'live', 'ready', 'startup', 'toString'].map(hasOwnGroup)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

test('details tell the error, the last change, failures and hangs', async () => {
  health.check('database', () => Promise.reject(new Error('password=hunter2 refused')), often)
  health.check('cache', () => new Promise(() => undefined), {
    ...often,
    timeoutMs: 5,
    groups: ['ready', 'extra'],
    oneOf: 'caches',
  })
  readiness()
  await until(
    'both failed',
    () => checkNamed('database').failures > 1 && checkNamed('cache').status === 'timeout',
  )
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
  const some = expect.any(Number) as number
  const shown = { critical: true, latency_ms: some, checked_at: time, changed_at: time }
  expect(readiness({ details: true }).body['checks']).toEqual({
    database: {
      status: 'error',
      ...shown,
      failures: some,
      error: 'password=[REDACTED] refused',
      groups: ['ready'],
    },
    cache: {
      status: 'timeout',
      ...shown,
      failures: 1,
      error: 'no answer within 5 ms',
      running_ms: some,
      one_of: 'caches',
      groups: ['ready', 'extra'],
    },
  })
  expect(readiness().body['checks']).not.toHaveProperty('database.error')
  expect(liveness({ details: true }).body).toMatchObject({ status: 'ok', checks: {} })
})

test('ten thousand probes at once ask each check once', async () => {
  let asked = 0
  for (const name of ['a', 'b', 'c']) health.check(name, () => void asked++, { intervalMs: 60_000 })
  await Promise.all(Array.from({ length: 10_000 }, async () => [readiness(), startup(), liveness()]))
  await until('they answered', () => readiness().body['status'] === 'ok')
  expect(asked).toBe(3)
})

test('no two reports share state', () => {
  const [first, second] = [readiness().body, readiness().body]
  Object.assign(first, { leaked: true })
  Object.assign(first['checks'] as object, { leaked: true })
  expect(second).not.toHaveProperty('leaked')
  expect(second['checks']).toEqual({})
  expect(readiness().body['checks']).toEqual({})
})
