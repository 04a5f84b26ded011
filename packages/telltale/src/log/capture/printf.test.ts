import { format } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostile } from '../../../test/support/hostile.js'
import { placeholdersIn, printf } from './printf.js'

const primitive = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.constantFrom('a', 'b c'),
)
const template = fc
  .array(fc.constantFrom('%s', '%d', '%i', '%f', '%j', '%o', '%O', '%c', '%%', '% ', 'text', ' '))
  .map((parts) => parts.join(''))

describe('printf', () => {
  it('is util.format where nothing is secret', () => {
    fc.assert(
      fc.property(template, fc.array(primitive, { maxLength: 4 }), (text, values) => {
        // JSON has no bigint: format says so by throwing.
        fc.pre(!(text.includes('%j') && values.some((value) => typeof value === 'bigint')))
        expect(printf(text, ...values)).toBe(format(text, ...values))
      }),
    )
    expect(printf({ a: [1, { b: new Map([['c', new Set([2])]]) }] }, new Date(0))).toBe(
      format({ a: [1, { b: new Map([['c', new Set([2])]]) }] }, new Date(0)),
    )
  })

  it('never has what stands under a secret key, wherever and however deep', () => {
    const secret = fc.jsonValue({ maxDepth: 2 }).map((value) => ({ said: 'S3cret', value, list: ['S3cret'] }))
    const holder = fc.constantFrom('password', 'apiKey', 'Authorization', 'user_token', 'X-Session-Id')
    const shape = fc.constantFrom<(value: object) => unknown>(
      (value) => value,
      (value) => [value],
      (value) => ({ deep: { deeper: [value] } }),
      (value) => new Map(Object.entries(value)),
      (value) => new Map([['outer', value]]),
      (value) => new Set([value]),
      (value) => Object.assign(Object.create({ inherited: 1 }) as object, value),
    )
    fc.assert(
      fc.property(template, holder, secret, shape, (text, key, value, within) => {
        expect(printf(text, within({ [key]: value }), within({ [key]: value }))).not.toContain('S3cret')
      }),
    )
  })

  it.each(Object.entries(hostile))('formats %s', (_name, value) => {
    expect(printf(value())).toEqual(expect.any(String))
    expect(printf('%s %d %i %f %j %o %O', ...Array.from({ length: 8 }, value))).toEqual(expect.any(String))
  })
})

it.each([
  ['', 0],
  ['100%', 0],
  ['%s', 1],
  ['%%s', 0],
  ['%%%s', 1],
  ['%d of %i, %x', 2],
])('%j has %i placeholders', (text, count) => {
  expect(placeholdersIn(text)).toBe(count)
})
