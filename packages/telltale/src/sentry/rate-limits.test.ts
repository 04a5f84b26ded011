import { expect, it } from 'vitest'
import { RateLimits } from './rate-limits.js'

function limits(
  status: number,
  header?: string,
  retryAfterMs?: number,
): (category: string, ms: number) => boolean {
  const read = new RateLimits()
  read.read(status, header, retryAfterMs, 1000)
  return (category, ms) => read.isLimited(category, 1000 + ms)
}

it('are kept to by category, each for its time', () => {
  const limited = limits(429, '60:transaction;span:organization:quota, 5:error:key')
  expect(limited('transaction', 59_999)).toBe(true)
  expect(limited('span', 59_999)).toBe(true)
  expect(limited('span', 60_001)).toBe(false)
  expect(limited('error', 4999)).toBe(true)
  expect(limited('error', 5001)).toBe(false)
  expect(limited('session', 1)).toBe(false)
})

it('without categories are for all', () => {
  expect(limits(200, '60::organization')('error', 1)).toBe(true)
  expect(limits(200, '60')('anything', 1)).toBe(true)
})

it('of a bare 429 last a minute, or what Retry-After says', () => {
  expect(limits(429)('error', 59_999)).toBe(true)
  expect(limits(429)('error', 60_001)).toBe(false)
  expect(limits(429, undefined, 5000)('error', 5001)).toBe(false)
})

it('are none where nothing is asked', () => {
  expect(limits(200)('error', 1)).toBe(false)
  expect(limits(503)('error', 1)).toBe(false)
  expect(limits(500, undefined, 5000)('error', 1)).toBe(false)
})

it('are those of a 503 that asks to be spared', () => {
  expect(limits(503, undefined, 5000)('error', 4999)).toBe(true)
  expect(limits(503, undefined, 5000)('error', 5001)).toBe(false)
})

it('that cannot be read last a minute, and none longer than a day', () => {
  expect(limits(429, 'soon:error')('error', 59_999)).toBe(true)
  expect(limits(429, '-5:error')('error', 59_999)).toBe(true)
  expect(limits(429, '1e12:error')('error', 25 * 3_600_000)).toBe(false)
})

it('never grow shorter', () => {
  const read = new RateLimits()
  read.read(429, '60:error', undefined, 0)
  read.read(200, '1:error', undefined, 0)
  expect(read.isLimited('error', 30_000)).toBe(true)
})
