import { afterEach, beforeEach, expect, it } from 'vitest'
import { flow, getLogger } from '../index.js'
import { Capture } from '../../test/support/capture.js'
import { renderMetrics } from '../metrics/rendered.fixture.js'

const log = getLogger('work')
let out: Capture

beforeEach(() => {
  out = new Capture({ log: { level: 'debug' } })
})
afterEach(() => out.telltale.shutdown())

const steps = (event: string): unknown => out.one(event)['steps']

it('a skipped step counts as passed, with its reason', async () => {
  const retake = flow.define('skipping', { steps: ['load', 'clear', 'enable'] })
  await retake(async (f) => {
    await f.step('load', () => 1)
    f.skip('clear', 'nothing_to_clear')
    await f.step('enable', () => 1)
  })
  expect(out.events('skipping_flow_step').map(({ outcome, progress }) => [outcome, progress])).toEqual([
    ['completed', '1/3'],
    ['skipped', '2/3'],
    ['completed', '3/3'],
  ])
  expect(out.one('skipping_flow_completed')).toMatchObject({
    progress: '3/3',
    steps: [
      { step: 'load', outcome: 'completed' },
      { step: 'clear', outcome: 'skipped', reason: 'nothing_to_clear', attempts: 0 },
      { step: 'enable', outcome: 'completed' },
    ],
  })
})

it('fields that are set go with what follows, and with the end', async () => {
  await flow('setting', async (f) => {
    log.info('before')
    f.set({ rows: 3 })
    log.info('after')
    f.set(null as never)
  })
  expect(out.one('before')).not.toHaveProperty('rows')
  expect(out.one('after')).toMatchObject({ rows: 3 })
  expect(out.one('setting_flow_completed')).toMatchObject({ rows: 3 })
})

it('a flow inside another names its parent, and has an id of its own', async () => {
  await flow('outer', (f) =>
    f.step('call', () => flow('inner', (g) => g.step('work', () => log.info('deep', { outer: f.id })))),
  )
  const outer = out.one('outer_flow_started')['flow_id']
  const deep = out.one('deep')
  expect(deep).toMatchObject({ parent_flow_id: outer, step: 'work' })
  expect(deep['flow_id']).toMatch(/^inner-/)
  expect(out.one('inner_flow_completed')).toMatchObject({ parent_flow_id: outer })
  expect(out.one('outer_flow_completed')).not.toHaveProperty('parent_flow_id')
})

it('the handle’s functions can be taken out of it', async () => {
  await flow('loose', async ({ step, skip, set }) => {
    set({ a: 1 })
    skip('one')
    await step('two', () => 1)
  })
  expect(out.one('loose_flow_completed')).toMatchObject({ a: 1, last_step: 'two' })
})

it.each([
  ['a text', 'nope', { type: 'String', message: 'nope' }],
  ['undefined', undefined, { message: 'undefined' }],
  ['null', null, {}],
])('a step that throws %s fails with it', async (_, thrown, written) => {
  const failing = flow('odd', (f) => f.step('throw', () => Promise.reject(thrown)))
  await expect(failing).rejects.toBe(thrown)
  expect(out.one('odd_flow_step_failed')).toMatchObject({ step: 'throw', error: written })
  expect(out.one('odd_flow_failed')).toMatchObject({ steps: [{ step: 'throw', outcome: 'failed' }] })
})

it('a flow may end while a step never does', async () => {
  expect(
    await flow('impatient', async (f) => {
      void f.step('never', () => new Promise(() => undefined))
      return 'done'
    }),
  ).toBe('done')
  expect(steps('impatient_flow_completed')).toMatchObject([
    { step: 'never', outcome: 'running', attempts: 1 },
  ])
})

it.each([
  { attempts: NaN },
  { attempts: -1 },
  { attempts: 'many' },
  { backoffMs: -5, attempts: 2 },
  { expectMs: NaN },
])('options that make no sense are passed over, case %#', async (options) => {
  let tries = 0
  const failing = flow('careless', (f) =>
    f.step('fail', () => Promise.reject(new Error(`try ${++tries}`)), options as never),
  )
  await expect(failing).rejects.toThrow()
  expect(tries).toBe('backoffMs' in options ? 2 : 1)
})

it('a step done often is passed once', async () => {
  const poll = flow.define('polling', { steps: ['ask', 'answer'] })
  await poll(async (f) => {
    for (let i = 0; i < 5; i++) await f.step('ask', () => i)
  })
  expect(out.one('polling_flow_completed')).toMatchObject({ progress: '1/2' })
})

it('options and fields that are null are none', async () => {
  expect(await flow('bare', null as never, (f) => f.step('one', () => 5, null as never))).toBe(5)
  expect(out.one('bare_flow_completed')).not.toHaveProperty('fields')
})

it('a reason may be anything, and is cut', async () => {
  await flow('odd', async (f) => f.skip('one', { huge: 'x'.repeat(10_000) } as never))
  expect(String((steps('odd_flow_completed') as { reason: string }[])[0]!.reason).length).toBeLessThanOrEqual(
    256,
  )
})

it('of thousands of steps the first 64 are listed', async () => {
  await flow('long', async (f) => {
    for (let i = 0; i < 2000; i++) await f.step(`step_${i % 3}`, () => i)
  })
  const end = out.one('long_flow_completed')
  expect(end['steps']).toHaveLength(64)
  expect(end).toMatchObject({ last_step: 'step_1', steps_begun: 2000 })
})

it('10,000 flows at once each say their own steps, and leave nothing', async () => {
  const quiet = new Set<string>()
  await Promise.all(
    Array.from({ length: 10_000 }, (_, i) =>
      flow('crowd', { i }, async (f) => {
        quiet.add(f.id)
        await f.step('wait', () => new Promise((resolve) => setImmediate(resolve)))
        await f.step('say', () => log.info('in_crowd', { at: i }))
      }),
    ),
  )
  expect(quiet.size).toBe(10_000)
  const lines = out.events('in_crowd')
  expect(lines).toHaveLength(10_000)
  expect(lines.every(({ i, at }) => i === at)).toBe(true)
  expect(new Set(lines.map(({ flow_id }) => flow_id)).size).toBe(10_000)
  expect(renderMetrics()).toContain('flows_in_progress{flow="crowd"} 0\n')
})
