import { afterEach, beforeEach, expect, it } from 'vitest'
import { Capture } from '../../../test/support/capture.js'
import { until } from '../../../test/support/until.js'
import { withContext } from '../../index.js'
import { captureWarnings } from './warnings.js'

let out: Capture
let stop: () => void
beforeEach(() => {
  out = new Capture()
  stop = captureWarnings()
})
afterEach(async () => {
  stop()
  await out.telltale.shutdown()
})

it('writes a warning with its name, code and detail, in the context it was given in', async () => {
  withContext({ tenant_id: 't1' }, () =>
    process.emitWarning('Old way of doing it', {
      type: 'OldWayWarning',
      code: 'OLD1',
      detail: 'Use the new one.',
    }),
  )
  await until('the warning is written', () => out.lines.length === 1)
  expect(out.lines[0]).toMatchObject({
    level: 'warning',
    logger: 'process',
    event: 'process_warning',
    tenant_id: 't1',
    name: 'OldWayWarning',
    code: 'OLD1',
    detail: 'Use the new one.',
    error: { type: 'OldWayWarning', message: 'Old way of doing it', stack: expect.any(String) },
  })
})

it('survives what is no warning', () => {
  // The test runner listens too, and does not survive.
  const listener = process.listeners('warning').at(-1)!
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  for (const value of [undefined, null, 5, 'text', proxy]) {
    expect(() => listener(value as unknown as Error)).not.toThrow()
  }
  expect(out.lines.map(({ event }) => event)).toEqual(Array(5).fill('process_warning'))
})

it("leaves Node's own print to Node, and ends", () => {
  const listeners = process.listenerCount('warning')
  stop()
  expect(process.listenerCount('warning')).toBe(listeners - 1)
  process.emit('warning', new Error('unseen'))
  expect(out.lines).toEqual([])
})
