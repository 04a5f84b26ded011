import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyWords, slack, viewOf } from './words.js'

test('a piece is copied whole, and nothing but the slack behind it is touched', () => {
  const piece = fc.record({
    from: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    skip: fc.nat(8),
    at: fc.nat(8),
    length: fc.nat(40),
  })
  fc.assert(
    fc.property(piece, ({ from, skip, at, length }) => {
      const begin = Math.min(skip, from.length)
      const end = Math.min(begin + length, from.length)
      const source = Buffer.alloc(from.length + slack, 0xee)
      source.set(from)
      const target = Buffer.alloc(at + (end - begin) + slack + 5, 0xaa)
      copyWords(viewOf(source), begin, end, viewOf(target), at)
      const copied = target.subarray(at, at + end - begin)
      expect([...copied]).toEqual([...from.subarray(begin, end)])
      expect([...target.subarray(0, at)]).toEqual(Array.from({ length: at }, () => 0xaa))
      expect([...target.subarray(at + end - begin + slack)]).toEqual([0xaa, 0xaa, 0xaa, 0xaa, 0xaa])
    }),
  )
})

test('pieces one behind the other lie side by side', () => {
  const out = Buffer.alloc(64)
  let at = 0
  for (const text of ['a', 'bcd', '', 'efghi', 'jklmnopq', 'é💥']) {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(slack, 0xff)])
    const length = bytes.length - slack
    copyWords(viewOf(bytes), 0, length, viewOf(out), at)
    at += length
  }
  expect(out.toString('utf8', 0, at)).toBe('abcdefghijklmnopqé💥')
})

test('a view of a part of memory begins where the part does', () => {
  const whole = new Uint8Array(new ArrayBuffer(8))
  whole.set([1, 2, 3, 4, 5, 6, 7, 8])
  expect(viewOf(whole.subarray(4)).getUint8(0)).toBe(5)
})
