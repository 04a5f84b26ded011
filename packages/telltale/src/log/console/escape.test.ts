import { expect, it } from 'vitest'
import { escapeText } from './escape.js'

it.each([
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\u001b[31m', '\\x1b[31m'],
  ['\u0000\u007f\u009b', '\\x00\\x7f\\x9b'],
  ['\u2028\u2029', '\\u2028\\u2029'],
  ['\u202e\u2066\u200f\u061c', '\\u202e\\u2066\\u200f\\u061c'],
  ['\u200b\ufeff\u00ad', '\\u200b\\ufeff\\xad'],
  ['\ud800', '\\ud800'],
  ['\u{e0041}', '\\u{e0041}'],
])('%j is shown as %s', (text, shown) => {
  expect(escapeText(text)).toBe(shown)
})

it.each(['plain', 'Größe €', '日本語', '👩‍👩‍👧', 'שלום', 'नमस्ते', 'C:\\new'])('%s passes', (text) => {
  expect(escapeText(text)).toBe(text)
})
