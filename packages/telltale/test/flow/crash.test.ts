import { afterEach, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'

afterEach(endChildren)

const copying = { step: 'copy', outcome: 'running', attempts: 1 }

test('SIGKILL in the second of five steps: with stepLevel info the lines tell how far it got', async () => {
  const child = new Child('flow-crash.mjs', ['info'])
  await child.says('copying')
  child.kill('SIGKILL')
  expect((await child.ended).signal).toBe('SIGKILL')
  expect(child.names).toEqual(['move_flow_started', 'move_flow_step', 'copying'])
  expect(child.one('move_flow_step')).toMatchObject({ step: 'load', progress: '1/5', account_id: 'a_1' })
  expect(child.one('copying')).toMatchObject({ step: 'copy', step_index: 2 })
})

test('SIGTERM: it is said to be interrupted, where, and the process ends with 1', async () => {
  const child = new Child('flow-crash.mjs', ['debug'])
  await child.says('copying')
  child.kill('SIGTERM')
  expect((await child.ended).code).toBe(1)
  expect(child.one('move_flow_interrupted')).toMatchObject({
    level: 'warning',
    progress: '1/5',
    last_step: 'copy',
    steps: [{ step: 'load', outcome: 'completed' }, copying],
  })
  expect(child.one('shutdown_completed')['cut']).toEqual([expect.stringMatching(/^flow move-[0-9a-f]{12}$/)])
})

test('an uncaught error: the flow is said to be interrupted after it', async () => {
  const child = new Child('flow-crash.mjs', ['debug', 'throw'])
  expect((await child.ended).code).toBe(1)
  expect(child.one('uncaught_exception')).toMatchObject({
    step: 'copy',
    flow_id: expect.stringMatching(/^move-/) as string,
  })
  expect(child.one('move_flow_interrupted')).toMatchObject({ last_step: 'copy', steps: [{}, copying] })
})

test('a failure is written in full once, with the ladder', async () => {
  const child = new Child('flow-crash.mjs', ['debug', 'fail'])
  expect((await child.ended).code).toBe(0)
  expect(child.one('move_flow_step_failed')).toMatchObject({
    step: 'copy',
    error: { type: 'RangeError', stack: expect.stringContaining('flow-crash.mjs') as string },
  })
  const failed = child.one('move_flow_failed')
  expect(failed).toMatchObject({ last_step: 'copy', progress: '1/5', error_seen: true })
  expect(failed['error']).not.toHaveProperty('stack')
})
