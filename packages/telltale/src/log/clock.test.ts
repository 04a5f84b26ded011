import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { formatTime, tick, timestamp } from './clock.js'

const hour = 3_600_000
let wall = Date.now()
let monotonic = performance.now()

beforeEach(() => {
  // The clock is the process's: each test begins later than the one before.
  wall += 100 * hour
  monotonic += 100 * hour
  vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(wall))
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** How far what is written is ahead of the time of day after `ms`, in milliseconds. */
function aheadAfter(ms: number): number {
  wall += ms
  monotonic += ms
  return Date.parse(timestamp()) - Math.floor(wall)
}

it('follows the time of day forwards at once', () => {
  expect(aheadAfter(0)).toBe(0)
  wall += hour
  expect(Math.abs(aheadAfter(1001))).toBeLessThanOrEqual(1)
  expect(Math.abs(aheadAfter(5 * hour))).toBeLessThanOrEqual(1)
})

it('falls back to a time of day that was corrected, and never goes backwards', () => {
  aheadAfter(0)
  wall += hour
  aheadAfter(1001)
  wall -= hour
  let before = timestamp()
  let ahead = hour
  let turns = 0
  while (ahead > 2) {
    const now = aheadAfter(700)
    expect(now).toBeLessThanOrEqual(ahead + 1)
    ahead = now
    const text = timestamp()
    expect(text > before).toBe(true)
    before = text
    if (++turns > 20_000) throw new Error(`still ${ahead} ms ahead`)
  }
  expect(ahead).toBeGreaterThanOrEqual(-1)
  expect(turns).toBeGreaterThan((1.9 * hour) / 700)
})

it('has caught up after a silence, and has not fallen behind', () => {
  aheadAfter(0)
  wall -= 400
  expect(aheadAfter(1001)).toBe(400)
  expect(aheadAfter(400)).toBe(200)
  expect(aheadAfter(500)).toBe(0)
  expect(aheadAfter(hour)).toBe(0)
})

it('shows what passes between two calls', () => {
  aheadAfter(0)
  const before = timestamp()
  monotonic += 0.25
  const micros = (text: string): number => Number(text.slice(-7, -1))
  expect((micros(timestamp()) - micros(before) + 1e6) % 1e6).toBeCloseTo(250, -1)
})

it('formats any time, whatever was formatted before', () => {
  const micros = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(micros, micros, (one, other) => {
      for (const time of [one, other, one]) {
        const rest = String(time % 1_000_000).padStart(6, '0')
        const date = new Date(Math.floor(time / 1_000_000) * 1000).toISOString().slice(0, 19)
        expect(formatTime(time)).toBe(`${date}.${rest}Z`)
      }
    }),
  )
})

it('formats an earlier time late, and goes on from where it was', () => {
  aheadAfter(0)
  const early = tick()
  const text = formatTime(early)
  aheadAfter(5000)
  const before = timestamp()
  expect(formatTime(early)).toBe(text)
  expect(timestamp() >= before).toBe(true)
  expect(tick()).toBeGreaterThan(early)
})
