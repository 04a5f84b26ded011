import { expect, it } from 'vitest'
import { paintNothing } from './colours.js'
import { flowEvent, flowName } from './flow.js'
import { layOut } from './layout.js'

function draw(what: string, fields: object = {}): string {
  const { phrase, fields: more } = flowEvent(
    { event: `retake_flow_${what}`, flow: 'retake', ...fields },
    0,
    100,
  )
  return layOut([], [...phrase, ...more], Infinity, 0, paintNothing)
}

const step = (name: string, outcome: string, duration_ms: number, attempts = 1) => ({
  step: name,
  outcome,
  duration_ms,
  attempts,
})
const done = [step('load', 'completed', 4), step('clear', 'completed', 11)]
const broken = [step('load', 'completed', 4), step('clear', 'failed', 1011, 3)]

it.each([
  [
    'step',
    { step: 'clear', step_index: 2, progress: '2/3', outcome: 'skipped' },
    'retake  ●–○ clear skipped   2/3',
  ],
  ['resumed', { steps_declared: 3, step_index: 2 }, 'retake  ●●○ resumed'],
  [
    'completed',
    { steps: [step('enable', 'completed', 2)], progress: '3/3', duration_ms: 16 },
    'retake  ●●● completed   16 ms   enable 2 ms',
  ],
  [
    'completed',
    { steps: [step('load', 'completed', 4), step('clear', 'skipped', 0, 0)], progress: '2/2' },
    'retake  ●– completed   load 4 ms · clear skipped',
  ],
  [
    'lost',
    {
      steps: [step('load', 'completed', 4), step('clear', 'running', 90)],
      last_step: 'clear',
      progress: '1/3',
    },
    'retake  ●◐○ lost at clear   1/3   load 4 ms · clear 90 ms',
  ],
  ['started', {}, 'retake started'],
  [
    'started',
    { steps_declared: 3, flow_id: 'retake-1a2b3c4d5e6f' },
    'retake  ○○○ started flow_id=retake-1a2b3c4d5e6f',
  ],
  [
    'step',
    { step: 'clear', step_index: 2, progress: '2/3', duration_ms: 11 },
    'retake  ●●○ clear   2/3   11 ms',
  ],
  ['step', { step: 'clear', step_index: 2, attempts: 3 }, 'retake  ●● clear ×3'],
  [
    'step_failed',
    { step: 'clear', step_index: 2, progress: '1/3', will_retry: false },
    'retake  ●✗○ clear failed   1/3',
  ],
  [
    'step_failed',
    { step: 'clear', step_index: 2, attempts: 2, will_retry: true },
    'retake  ●✗ clear failed, retrying ×2',
  ],
  [
    'stalled',
    { step: 'clear', step_index: 2, age_ms: 501, expect_ms: 500 },
    'retake  ●◐ stalled at clear   501 ms (expected 500 ms)',
  ],
  [
    'completed',
    { steps: done, progress: '2/2', duration_ms: 15 },
    'retake  ●● completed   15 ms   load 4 ms · clear 11 ms',
  ],
  [
    'failed',
    { steps: broken, progress: '1/3', last_step: 'clear' },
    'retake  ●✗○ failed at clear   1/3   load 4 ms · clear 1 s ×3',
  ],
  [
    'failed',
    { steps: done, progress: '2/3', last_step: 'clear' },
    'retake  ●●○ failed after clear   2/3   load 4 ms · clear 11 ms',
  ],
  [
    'interrupted',
    { steps: [step('load', 'running', 0)], last_step: 'load' },
    'retake  ◐ interrupted at load   load 0 ms',
  ],
])('%s %j', (what, fields, text) => {
  expect(draw(what, fields)).toBe(text)
})

it('counts the steps of a long flow and names the failed and the slowest', () => {
  const steps = Array.from({ length: 40 }, (_, index) =>
    step(`s${index}`, index === 39 ? 'failed' : 'completed', index),
  )
  const text = draw('failed', { steps, progress: '39/42', last_step: 's39' })
  expect(text).toContain('●39 ✗ ○2 failed at s39')
  expect(text).toContain('s38 38 ms · s39 39 ms · and 32 more')
})

it('knows a flow event by its name', () => {
  expect(flowName({ event: 'retake_flow_step_failed' })).toBe('retake')
  expect(flowName({ event: 'cash_flow_report' })).toBeUndefined()
})
