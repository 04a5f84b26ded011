import { expect, test } from 'vitest'
import { placesIn } from './place.js'

test('counts what ESLint counts', () => {
  const code = '\uFEFFconst ä = "😀"; a()\r\nb()\rc("\u2028"); d()\ne()'
  const bytes = Buffer.from(code)
  const places = placesIn(
    bytes,
    ['e()', 'a()', 'b()', 'c(', 'd()', 'const'].map((piece) => bytes.indexOf(piece)),
  )
  const told = Object.fromEntries(
    [...places].map(([offset, { line, column }]) => [
      bytes.toString('utf8', offset, offset + 1),
      [line, column],
    ]),
  )
  expect(told).toEqual({ c: [3, 1], a: [1, 17], b: [2, 1], d: [4, 5], e: [5, 1] })
})
