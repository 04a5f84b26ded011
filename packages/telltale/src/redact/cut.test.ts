import fc from 'fast-check'
import { expect, test } from 'vitest'
import { screenAndCut } from './cut.js'
import { limits } from './limits.js'
import { policy } from './policy.js'

const { maxString, screenPastCut } = limits
const cut = (text: string): string => screenAndCut(policy.current, text)

test('a text within the limit is screened only', () => {
  expect(cut('pin=1')).toBe('pin=[REDACTED]')
  expect(cut('a'.repeat(maxString))).toBe('a'.repeat(maxString))
})

test('a longer one is cut with a mark that says how much', () => {
  expect(cut('a'.repeat(maxString + 1))).toBe(`${'a'.repeat(maxString)}…(+1 chars)`)
  expect(cut('a'.repeat(1e6))).toBe(`${'a'.repeat(maxString)}…(+983616 chars)`)
})

test('no character is halved', () => {
  const text = cut(`a${'😀'.repeat(maxString)}`)
  expect(/[\ud800-\udfff]/u.test(text)).toBe(false)
})

test('a long text that screening makes short is not cut', () => {
  expect(cut(`password="${'x'.repeat(maxString)}" end`)).toBe('password="[REDACTED]" end')
})

test('a secret is never halved by a cut, wherever it stands', () => {
  const token = `eyJhbGciOiJIUzI1NiJ9.${'cGF5bG9hZA'.repeat(20)}.${'c2lnbmF0dXJl'.repeat(10)}`
  const near = fc.constantFrom(maxString, maxString + screenPastCut, 1000)
  fc.assert(
    fc.property(near, fc.integer({ min: -400, max: 400 }), fc.boolean(), (at, shift, blocks) => {
      // Secrets before it make the screened text shorter than the text.
      const before = blocks ? `password="${'x'.repeat(9000)}" ` : ''
      const out = cut(
        `${before}${'a '.repeat(maxString).slice(0, Math.max(0, at + shift - before.length))} ${token} ${'b '.repeat(maxString)}`,
      )
      expect(out).not.toMatch(/eyJ|cGF5|bG9hZ|c2ln/)
    }),
  )
})
