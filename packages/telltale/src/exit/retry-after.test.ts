import { describe, expect, it } from 'vitest'
import { retryAfter } from './retry-after.js'

const now = Date.parse('2026-11-23T12:00:00Z')

describe('retryAfter', () => {
  it.each([
    [undefined, undefined],
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3000],
    ['2.5', 2500],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    ['-1', undefined],
  ])('%j is %j ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms)
  })
})
