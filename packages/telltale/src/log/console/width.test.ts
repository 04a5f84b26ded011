import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeText } from './escape.js'
import { cells, cut, pad, splitAt, tail } from './width.js'

it.each([
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['한', 2],
  ['✅', 2],
  ['●○✗→└…', 6],
])('%s takes %d cells', (text, size) => {
  expect(cells(text)).toBe(size)
})

it('cuts at the end, at the beginning, and pads', () => {
  expect(cut('abcdef', 4)).toBe('abc…')
  expect(cut('abcd', 4)).toBe('abcd')
  expect(tail('a.b.payments', 9)).toBe('…payments')
  expect(tail('日本語', 5)).toBe('…本語')
  expect(tail('日本語', 4)).toBe('…語')
  expect(pad('日', 4)).toBe('日  ')
})

it('never exceeds the room and loses nothing when splitting', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, room) => {
      const escaped = escapeText(text)
      expect(cells(cut(escaped, room))).toBeLessThanOrEqual(room)
      expect(cells(tail(escaped, room))).toBeLessThanOrEqual(room)
      const [first, rest] = splitAt(escaped, room)
      expect(first + rest).toBe(escaped)
      expect(cells(first)).toBeLessThanOrEqual(room)
    }),
  )
})
