import { expect, it } from 'vitest'
import { compact, field } from './values.js'

it.each([
  ['u_18', 'u_18'],
  ['', '""'],
  ['two words', '"two words"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['a=b', '"a=b"'],
  ['a\nb', '"a\\nb"'],
  [12.5, '12.5'],
  [null, 'null'],
  [true, 'true'],
  [[], '[]'],
  [{}, '{}'],
  [{ size: 10, waiting: [1, 2] }, '{size: 10, waiting: [1, 2]}'],
  [{ name: 'a, b' }, '{name: "a, b"}'],
  [{ a: { b: { c: { d: { e: 1 } } } } }, '{a: {b: {c: {d: {…}}}}}'],
  [{ password: '[REDACTED]' }, '{password: [REDACTED]}'],
])('%j is written %s', (value, text) => {
  expect(compact(value, 80)).toBe(text)
})

it('cuts to the room', () => {
  expect(compact('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`)
  expect(
    compact(
      Array.from({ length: 1e5 }, (_, index) => index),
      12,
    ),
  ).toBe('[0, 1, 2, 3…')
})

it('quotes and escapes keys that could pass for something else', () => {
  const text = (key: string) => field(key, 1, 80).spans[0]?.text
  expect(text('user_id')).toBe('user_id=')
  expect(text('a b')).toBe('"a b"=')
  expect(text('a\n=b')).toBe('"a\\n=b"=')
  expect(text('')).toBe('""=')
})
