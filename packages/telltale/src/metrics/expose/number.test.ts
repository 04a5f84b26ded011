import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bytes } from './bytes.js'
import { canonical, writeNumber } from './number.js'

function written(value: number): string {
  const out = new Bytes()
  writeNumber(out, value)
  return Buffer.concat(out.done()).toString()
}

test.each([
  [0, '0'],
  [-0, '0'],
  [7, '7'],
  [10, '10'],
  [999_999_999, '999999999'],
  [1_000_000_000, '1000000000'],
  [2 ** 53, '9007199254740992'],
  [-3, '-3'],
  [0.1, '0.1'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
])('%s is written as %s', (value, text) => expect(written(value)).toBe(text))

test('any number is read back as itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
      expect(Number(written(value))).toBe(value + 0)
      expect(Number(canonical(value))).toBe(value + 0)
    }),
  )
})

// The examples of OpenMetrics 1.0, "Considerations: canonical numbers".
test.each([
  [1, '1.0'],
  [0.5, '0.5'],
  [100_000, '100000.0'],
  [1e6, '1e+06'],
  [1e10, '1e+10'],
  [0.0001, '0.0001'],
  [1e-5, '1e-05'],
  [123_456_789, '1.23456789e+08'],
  [0.125, '0.125'],
  [Infinity, '+Inf'],
])('the bound %s is %s', (value, text) => expect(canonical(value)).toBe(text))
