import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Losses } from '../../src/sentry/losses.js'
import { Capture, type Line } from '../support/capture.js'

let app: Capture
const said = (): Line[] => app.events('errors_not_sent')

beforeEach(() => {
  app = new Capture()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await app.telltale.shutdown()
})

it('names in the log what was not sent, a line each ten seconds for each reason', () => {
  const losses = new Losses()
  losses.add('send_error', 'answers 400', 'a')
  losses.add('network_error', 'is away', 'b')
  losses.add('network_error', 'is away', 'c')
  losses.add('before_send', '', 'd')
  losses.add('sample_rate', 'too many')
  vi.advanceTimersByTime(9000)
  expect(said()).toEqual([])
  vi.advanceTimersByTime(1000)
  expect(said()).toMatchObject([
    { count: 1, event_ids: ['a'], reason: 'answers 400' },
    { count: 2, event_ids: ['b', 'c'], reason: 'is away' },
  ])
  vi.advanceTimersByTime(60_000)
  expect(said()).toHaveLength(2)
  for (let i = 0; i < 300; i++) losses.add('send_error', `answers ${i % 20}`, String(i))
  losses.add('network_error', 'is away', 'last')
  losses.say()
  expect(said()).toHaveLength(2 + 11)
  expect(
    said()
      .slice(2)
      .reduce((sum, { count }) => sum + Number(count), 0),
  ).toBe(301)
  losses.say()
  expect(said()).toHaveLength(2 + 11)
})
