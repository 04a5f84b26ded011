import { expect, test } from 'vitest'
import { forgetPeak, peakRss } from './memory.mjs'

const size = 64 * 1024 * 1024

test('the peak is of what was resident at once, and can be forgotten where the system lets us', () => {
  const before = peakRss()
  let block = Buffer.alloc(size, 1)
  const peak = peakRss()
  expect(peak).toBeGreaterThanOrEqual(Math.max(before, block.length))
  const forgotten = forgetPeak()
  block = undefined
  expect(peakRss()).toBeLessThanOrEqual(peak)
  expect(typeof forgotten).toBe('boolean')
})
