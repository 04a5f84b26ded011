import { slot } from '../state/state.js'

interface Clock {
  /** What is added to the monotonic clock to get the time of day, in milliseconds. */
  offset: number
  checked: number
  last: number
  second: number
  prefix: string
}

const clock = slot<Clock>('clock', () => ({ offset: 0, checked: -Infinity, last: 0, second: -1, prefix: '' }))

const threeDigits = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))

const recheckMs = 1000
const toleranceMs = 2

/**
 * The time as RFC 3339 with microseconds, never earlier than the call before: it runs on the monotonic clock and
 * follows the time of day forwards only. Cost: under 100 ns; the date is formatted once a second.
 */
export function timestamp(): string {
  const monotonic = performance.now()
  if (monotonic - clock.checked > recheckMs) {
    clock.checked = monotonic
    const ahead = Date.now() - monotonic - clock.offset
    if (ahead > toleranceMs) clock.offset += ahead
  }
  const now = Math.max(clock.last, Math.floor((monotonic + clock.offset) * 1000))
  clock.last = now
  const second = Math.floor(now / 1e6)
  if (second !== clock.second) {
    clock.second = second
    clock.prefix = new Date(second * 1000).toISOString().slice(0, 20)
  }
  const micros = now - second * 1e6
  const millis = (micros / 1000) | 0
  return `${clock.prefix}${threeDigits[millis]}${threeDigits[micros - millis * 1000]}Z`
}
