import { afterEach, beforeEach, expect, it } from 'vitest'
import { flow } from '../index.js'
import { Capture } from '../../test/support/capture.js'
import type { FinishedSpan } from '../trace/span.js'
import { tracing } from '../trace/tracing.js'

let out: Capture
let taken: FinishedSpan[]

beforeEach(() => {
  out = new Capture({ lifecycle: { drainTimeoutMs: 20 } })
  taken = []
  tracing.exit = { take: (span) => void taken.push(span) }
})
afterEach(() => {
  tracing.exit = undefined
})

it('leaves the spans of the steps that it was in, once', async () => {
  let release = (): void => undefined
  const open = flow('move', async (f) => {
    await f.step('load', () => 1)
    await f.step('copy', () => new Promise<void>((resolve) => (release = resolve)))
  })
  await out.telltale.shutdown()
  const names = ['move load', 'move copy', 'move']
  expect(taken.map(({ name }) => name)).toEqual(names)
  expect(taken[1]).toMatchObject({ error: { type: 'interrupted' }, attributes: { outcome: 'running' } })
  release()
  await open
  expect(taken.map(({ name }) => name)).toEqual(names)
})
