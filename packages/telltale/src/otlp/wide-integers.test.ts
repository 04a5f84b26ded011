import { expect, it } from 'vitest'
import { withDoubles } from './wide-integers.js'

const mended = (value: unknown): string =>
  Buffer.from(withDoubles(Buffer.from(JSON.stringify(value)))).toString()

it.each([1e300, -1e30, 2 ** 63, -(2 ** 63), 2 ** 53, -(2 ** 53), 123456789012345680000, 1e21])(
  'makes %d a double',
  (number) =>
    expect(JSON.parse(mended({ value: { intValue: number } }))).toEqual({ value: { doubleValue: number } }),
)

it.each([0, -5, 2 ** 53 - 1, 1 - 2 ** 53, 1_000_000_000_000_000])('leaves %d as it is', (number) =>
  expect(JSON.parse(mended({ intValue: number }))).toEqual({ intValue: number }),
)

it('leaves texts as they are, whatever they say and in whatever language', () => {
  const value = {
    a: '"intValue":1e+300',
    b: 'ü€😀',
    '"intValue":': ['\\"intValue":1e+300'],
    c: { intValue: 1e300 },
  }
  const { c: _c, ...texts } = value
  expect(JSON.parse(mended(value))).toEqual({ ...texts, c: { doubleValue: 1e300 } })
})

it('gives the same body where there is nothing to mend', () => {
  const body = Buffer.from('{"intValue":5}')
  expect(withDoubles(body)).toBe(body)
})
