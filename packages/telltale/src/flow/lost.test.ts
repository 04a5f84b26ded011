import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { flow } from '../index.js'
import { Capture } from '../../test/support/capture.js'
import { until } from '../../test/support/until.js'
import { renderMetrics } from '../metrics/rendered.fixture.js'
import { openFlows, stalling } from './open.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let out: Capture

beforeEach(() => {
  stalling.lookMs = 5
  out = new Capture()
})
afterEach(() => out.telltale.shutdown())

it('a flow that nothing can finish any more is said to be lost', async () => {
  void flow('forgotten', { batch: 7 }, async (f) => {
    await f.step('load', () => 1)
    await new Promise(() => undefined)
  })
  await until('it is lost', () => {
    collect()
    return out.events('forgotten_flow_lost').length > 0
  })
  expect(out.one('forgotten_flow_lost')).toMatchObject({ level: 'warning', batch: 7, last_step: 'load' })
  expect(renderMetrics()).toContain('flow_duration_seconds_count{flow="forgotten",outcome="lost"} 1\n')
  expect(renderMetrics()).toContain('flows_in_progress{flow="forgotten"} 0\n')
})

it('a flow that waits without holding its handle is not', async () => {
  let collected = 0
  let finish = (): void => undefined
  const waiting = flow('patient', () => new Promise<void>((resolve) => (finish = resolve)))
  await until('it was watched for a while', () => {
    collect()
    return [...openFlows()].every(({ handle }) => handle === undefined) && ++collected > 5
  })
  finish()
  await waiting
  expect(out.events('patient_flow_lost')).toEqual([])
  expect(out.one('patient_flow_completed')).toBeDefined()
})
