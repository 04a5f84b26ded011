import { afterEach, expect, test } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { state } from '../../test/support/slots.js'
import { until } from '../../test/support/until.js'
import { allChecks, health, stopChecks } from './checks.js'
import { phase } from './phase.js'
import { renderMetrics } from '../metrics/index.js'
import { readiness, startup } from './reports.js'

afterEach(() => {
  stopChecks()
  state<Map<string, unknown>>('health.checks').clear()
  phase.draining = false
})

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
  expect([...allChecks()]).toHaveLength(1)
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
  state<{ started: boolean }>('health.running').started = false
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
