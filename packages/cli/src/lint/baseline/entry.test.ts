import { expect, test } from 'vitest'
import { hashesOf, keyed } from './entry.js'

const finding = { file: 'a.js', column: 1, rule: 'no-console', severity: 'error', message: 'a' } as const

test('a line is known by its text, not by its number or how it is spaced', () => {
  const hashOf = hashesOf('a( )\n\r\n\ta(   ) \u2028b()')
  const [first, third, fourth, none] = [1, 3, 4, 9].map(
    (line) => keyed({ ...finding, line }, hashOf).key.line,
  )
  expect(first).toMatch(/^[\da-f]{8}$/)
  expect(third).toBe(first)
  expect(fourth).not.toBe(first)
  expect(none).toBe(hashesOf('')(1))
})

test('keys all findings of a bundle, one long line, in linear time', () => {
  const time = (count: number) => {
    const code = 'console.log(1);'.repeat(count)
    const start = performance.now()
    const hashOf = hashesOf(code)
    for (let at = 0; at < count; at++) keyed({ ...finding, line: 1 }, hashOf)
    return performance.now() - start
  }
  const least = (count: number) => Math.min(...[1, 2, 3].map(() => time(count)))
  expect(least(8000)).toBeLessThan(10 * Math.max(least(2000), 50))
})
