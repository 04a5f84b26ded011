import { afterEach, expect, test } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { state } from '../../test/support/slots.js'
import { until } from '../../test/support/until.js'
import { allChecks, health, stopChecks } from './checks.js'
import { phase } from './phase.js'
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
