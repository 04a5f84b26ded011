import { expect, test } from 'vitest'
import { define } from '../definition.js'
import { Sum } from './sum.js'

const put = (sum: Sum, values: readonly number[]): number => {
  for (const value of values) sum.put('', Float64Array.of(value))
  return sum.store.get(0)
}
const gauge = (merge?: 'sum' | 'min' | 'max'): Sum =>
  new Sum(define('gauge', 'depth', { help: 'Depth.', ...(merge !== undefined && { merge }) }), 1)

test.each([
  [undefined, 7],
  ['sum', 7],
  ['min', 1],
  ['max', 4],
] as const)('gauges are put together by their rule (%s)', (merge, value) => {
  expect(put(gauge(merge), [2, 4, 1])).toBe(value)
})

test('a gauge that one thread did not set is what the others set', () => {
  expect(put(gauge('min'), [NaN, 3, NaN])).toBe(3)
})

test('a gauge that no thread set stays unset', () => {
  expect(put(gauge(), [NaN, NaN])).toBeNaN()
})

test('series meet by their labels alone', () => {
  const sum = new Sum(define('counter', 'c_total', { help: 'C.', labels: { a: String } }), 1)
  const numbers = Float64Array.of(2)
  for (const labels of ['a="x"', 'a="y"', 'a="x"']) sum.put(labels, numbers)
  expect([0, 1].map((slot) => [sum.store.labels(slot), sum.store.get(slot)])).toEqual([
    ['a="x"', 4],
    ['a="y"', 2],
  ])
})
