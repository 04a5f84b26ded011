import { expect, test } from 'vitest'
import { readTimestamp } from './timestamp.js'

const wanted = '2026-01-31T12:04:07.512Z'

test.each([
  [1769861047.512],
  [1769861047512],
  [1769861047512000],
  ['1769861047512000000'],
  ['1769861047.512'],
  [{ seconds: 1769861047, nanos: 512000000 }],
])('%j is read by its size', (given) => expect(readTimestamp(given)).toBe(wanted))

test('text stays as it is, but for a comma that no Date reads', () => {
  expect(readTimestamp('2026-01-31T12:04:07.512345678Z')).toBe('2026-01-31T12:04:07.512345678Z')
  expect(readTimestamp('2026-01-31 12:04:07,512')).toBe('2026-01-31 12:04:07.512')
  expect(readTimestamp('yesterday')).toBe('yesterday')
})

test('what is no time is none, and never throws', () => {
  for (const given of [null, undefined, '', true, {}, [], Number.NaN, Infinity])
    expect(() => readTimestamp(given)).not.toThrow()
  expect(readTimestamp(1e300)).toBe('1e+300')
})
