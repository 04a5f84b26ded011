import { expect, it } from 'vitest'
import { span } from '../../test/otlp/running.js'
import { weightOf } from './span-weight.js'

it('is the characters of all texts of a span', () => {
  expect(weightOf(span({ name: 'GET' }))).toBe(3)
  expect(weightOf(span({ name: 'GET', tracestate: 'a=1' }))).toBe(6)
  expect(weightOf(span({ name: '', attributes: { ab: 'cde', f: 1.5, g: true, h: ['ij', 'k'] } }))).toBe(11)
  expect(weightOf(span({ name: '', error: { type: 'E', message: 'mm', stack: 'sss' } }))).toBe(6)
  expect(weightOf(span({ name: '', error: { type: 'E', message: '' } }))).toBe(1)
})
