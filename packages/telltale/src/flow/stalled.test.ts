import { afterEach, beforeEach, expect, it } from 'vitest'
import { flow } from '../index.js'
import { Capture } from '../../test/support/capture.js'
import { until } from '../../test/support/until.js'
import { stalling } from './open.js'

let out: Capture

beforeEach(() => {
  Object.assign(stalling, { afterMs: 10, lookMs: 5 })
  out = new Capture()
})
afterEach(() => out.telltale.shutdown())

it('a flow in which nothing happens for long says so, at growing ages', async () => {
  let release = (): void => undefined
  const slow = flow('idle', async (f) => {
    await f.step('first', () => 1)
    await new Promise<void>((resolve) => (release = resolve))
  })
  await until('it stalled twice', () => out.events('idle_flow_stalled').length >= 2)
  release()
  await slow
  const [first, second] = out.events('idle_flow_stalled') as unknown as {
    age_ms: number
    last_step: string
  }[]
  expect(first!.last_step).toBe('first')
  expect(second!.age_ms).toBeGreaterThanOrEqual(2 * first!.age_ms - 1)
})

it('a step that may take long is not said to stall before its time', async () => {
  let release = (): void => undefined
  const slow = flow('export', (f) =>
    f.step('render', () => new Promise<void>((resolve) => (release = resolve)), { expectMs: 600_000 }),
  )
  const other = flow('beside', () => new Promise<void>((resolve) => setTimeout(resolve, 100)))
  await other
  expect(out.events('beside_flow_stalled').length).toBeGreaterThan(0)
  expect(out.events('export_flow_stalled')).toEqual([])
  release()
  await slow
})

it('a step that never settles says nothing of a flow that is over', async () => {
  await flow('hasty', async (f) => {
    void f.step('never', () => new Promise(() => undefined), { expectMs: 5 })
    await until('it stalled', () => out.events('hasty_flow_stalled').length > 0)
  })
  const before = out.events('hasty_flow_stalled').length
  await flow('later', () => new Promise<void>((resolve) => setTimeout(resolve, 60)))
  expect(out.events('hasty_flow_stalled')).toHaveLength(before)
})
