import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger } from '../index.js'
import { differences, matches } from './differences.js'

const logged = {
  event: 'paid',
  amount: 5,
  tags: ['a', 'b'],
  note: 'in full',
  card: { kind: 'visa', last: { digits: '4242' } },
  error: { type: 'TypeError', message: 'no good', stack: 'TypeError: no good\n    at x' },
  nothing: null,
}

describe('matches', () => {
  it.each([
    [{}],
    [{ amount: 5 }],
    [{ card: { kind: 'visa' } }],
    [{ card: { last: { digits: '4242' } } }],
    [{ tags: ['a', 'b'] }],
    [{ tags: expect.arrayContaining(['b']) }],
    [{ amount: expect.any(Number), note: expect.stringContaining('full') }],
    [{ card: expect.objectContaining({ kind: 'visa' }) }],
    [expect.objectContaining({ amount: 5 })],
    [{ note: /full$/ }],
    [{ note: /in/g }],
    [{ error: new TypeError('no good') }],
    [{ error: { message: /good/ } }],
    [{ missing: undefined }],
    [{ nothing: null }],
    [Object.assign(Object.create(null), { amount: 5 })],
  ])('%j', (expected: object) => {
    expect(differences(expected, logged)).toEqual([])
  })

  it.each([
    [{ amount: 6 }, 'amount'],
    [{ amount: '5' }, 'amount'],
    [{ missing: 1 }, 'missing'],
    [{ missing: null }, 'missing'],
    [{ nothing: undefined }, 'nothing'],
    [{ nothing: {} }, 'nothing'],
    [{ card: { kind: 'amex', last: { digits: '4242' } } }, 'card.kind'],
    [{ card: { last: { digits: '1' } } }, 'card.last.digits'],
    [{ card: [] }, 'card'],
    [{ tags: ['a'] }, 'tags'],
    [{ tags: ['b', 'a'] }, 'tags.0'],
    [{ tags: { 0: 'a' } }, 'tags'],
    [{ amount: expect.any(String) }, 'amount'],
    [{ note: /^full/ }, 'note'],
    [{ amount: /5/ }, 'amount'],
    [expect.objectContaining({ amount: 6 }), ''],
    [{ error: new TypeError('good') }, 'error.message'],
    [{ error: new RangeError('no good') }, 'error.type'],
    [{ toString: expect.anything() }, 'toString'],
  ])('%j differs at %s', (expected: object, path) => {
    expect(differences(expected, logged)[0]?.path).toBe(path)
  })
})

it('compares what JSON has no word for as it is written', async () => {
  const out = new Capture()
  const fields = {
    date: new Date(0),
    big: 12n,
    not: NaN,
    map: new Map([['a', 1]]),
    set: new Set(['a']),
    bytes: new Uint8Array(3),
    url: new URL('http://localhost/x'),
  }
  getLogger('app').info('odd', fields)
  expect(differences(fields, out.lines[0]!)).toEqual([])
  expect(differences({ date: new Date(1), big: 13n, not: Infinity }, out.lines[0]!)).toHaveLength(3)
  await out.telltale.shutdown()
})

it('finds any JSON value equal to itself and, where a key is added, different', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (value, name) => {
      const copy = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
      expect(matches(value, copy)).toBe(true)
      fc.pre(!Object.hasOwn(copy, name) && name !== '__proto__')
      expect(matches({ ...value, [name]: 1 }, copy)).toBe(false)
    }),
  )
})
