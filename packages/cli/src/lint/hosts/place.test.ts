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

test('reads the places of one long line in one pass', () => {
  const time = (count: number) => {
    const piece = 'console.log("ä");'
    const bytes = Buffer.from(piece.repeat(count))
    const offsets = Array.from({ length: count }, (_, at) => at * Buffer.byteLength(piece))
    const start = performance.now()
    const places = placesIn(bytes, offsets)
    expect(places.get(offsets.at(-1) ?? 0)).toEqual({ line: 1, column: (count - 1) * piece.length + 1 })
    return performance.now() - start
  }
  const least = (count: number) => Math.min(...[1, 2, 3].map(() => time(count)))
  expect(least(20_000)).toBeLessThan(10 * Math.max(least(5000), 50))
})
