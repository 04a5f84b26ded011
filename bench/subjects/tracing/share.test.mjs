import { expect, test } from 'vitest'
import { holdShare, percent } from './share.mjs'

const of = (count, rest = {}) => ({ title: 'A', spans: 6, rate: 0.1, answered: 10_000, count, ...rest })

test('a tenth of the traces, all of each, is held', () => {
  expect(holdShare(of({ traces: 1010, sizes: { 6: 1010 } }))).toBe(0.101)
  expect(percent(0.101)).toBe('10.1 %')
})

test('chance may let the share stray, and no further', () => {
  // Five standard deviations of 10,000 are 1.5 percent.
  expect(holdShare(of({ traces: 1149, sizes: { 6: 1149 } }))).toBeCloseTo(0.1149)
  expect(() => holdShare(of({ traces: 849, sizes: { 6: 849 } }))).toThrow('A: 8.5 % of 10000 traces arrived')
  expect(() => holdShare(of({ traces: 1151, sizes: { 6: 1151 } }))).toThrow('not 10.0 %')
})

test('a trace that has lost a span is no whole one', () => {
  expect(() => holdShare(of({ traces: 1000, sizes: { 5: 2, 6: 998 } }))).toThrow('2 of 1000 traces')
})
