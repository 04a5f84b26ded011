import { expect, test } from 'vitest'
import { boundOf, bounds, finestKey, keyIn } from './native-bounds.js'

test('each bound is the double nearest to its power of two', () => {
  const all = bounds()
  expect(all).toHaveLength(256)
  for (const [i, bound] of all.entries()) {
    // bound * 2 = m / 2^52 is nearest to 2^(i/256) where (m - 1/2)^256 < 2^i * 2^(52 * 256) < (m + 1/2)^256.
    const twice = BigInt(bound * 2 ** 53) * 2n
    const exact = 1n << BigInt(i + 53 * 256)
    expect((twice - 1n) ** 256n < exact && exact < (twice + 1n) ** 256n, `bound ${i}`).toBe(true)
  }
})

test('a bound belongs to the bucket below it, the next double to the one above', () => {
  for (const exponent of [-1021, -3, 0, 1, 52, 1023]) {
    for (const [i, bound] of bounds().entries()) {
      const value = bound * 2 * 2 ** exponent
      const key = exponent * 256 + i
      expect([finestKey(value), finestKey(above(value))]).toEqual([key, key + 1])
      expect(boundOf(key, 8)).toBe(value)
    }
  }
})

test.each([
  [8, 1, 0],
  [8, 2, 256],
  [3, 1, 0],
  [3, 1.0000000000000002, 1],
  [3, 2, 8],
  [0, 2, 1],
  [0, 2.1, 2],
  [0, 0.5, -1],
  [-1, 4, 1],
  [-1, 4.5, 2],
  [-4, 65_536, 1],
  [-4, 1, 0],
  [8, 2 ** -1074, -1074 * 256],
  [8, 3 * 2 ** -1074, -1074 * 256 + 406],
  [0, 2 ** -1074, -1074],
  [-4, 2 ** -1074, -67],
  [8, Number.MAX_VALUE, 1024 * 256],
  [-4, Number.MAX_VALUE, 64],
] as const)('in schema %d, %d is in bucket %d', (schema, value, key) => {
  expect(keyIn(schema, finestKey(value))).toBe(key)
})

test('the last bucket ends at the largest number', () => {
  expect([8, 0, -4].map((schema) => boundOf(keyIn(schema, finestKey(Number.MAX_VALUE)), schema))).toEqual(
    Array(3).fill(Number.MAX_VALUE),
  )
})

function above(value: number): number {
  const words = new BigInt64Array(new Float64Array([value]).buffer)
  words[0]! += 1n
  return new Float64Array(words.buffer)[0]!
}
