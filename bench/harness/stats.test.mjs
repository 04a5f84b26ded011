import { expect, test } from 'vitest'
import { median, medianInterval, quantile, seededRandom } from './stats.mjs'

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([10, 9])).toBe(9.5)
})

test('numbers are ordered as numbers and the input keeps its order', () => {
  const numbers = [100, 20, 3]
  expect(median(numbers)).toBe(20)
  expect(numbers).toEqual([100, 20, 3])
})

test('the median of nothing is an error', () => {
  expect(() => median([])).toThrow('at least one number')
})

test('a quantile is one of the values, by its rank', () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => 1000 - index)
  expect(quantile(numbers, 0.999)).toBe(999)
  expect(quantile(numbers, 0.5)).toBe(500)
  expect(quantile(numbers, 1)).toBe(1000)
  expect(quantile([7], 0)).toBe(7)
  expect(() => quantile([], 0.5)).toThrow('at least one number')
})

test('a seed gives the same numbers again, another seed others, all in [0, 1)', () => {
  const take = (seed) => Array.from({ length: 1000 }, seededRandom(seed))
  expect(take(7)).toEqual(take(7))
  expect(take(7)).not.toEqual(take(8))
  expect(take(7).every((number) => number >= 0 && number < 1)).toBe(true)
  expect(median(take(7))).toBeGreaterThan(0.4)
  expect(median(take(7))).toBeLessThan(0.6)
})

test('the interval holds the median, is the same on each call and lies within the samples', () => {
  const groups = [
    [2.9, 3.1, 3.0],
    [3.2, 2.8, 3.3],
  ]
  const [low, high] = medianInterval(groups)
  expect(low).toBeLessThanOrEqual(3.05)
  expect(high).toBeGreaterThanOrEqual(3.05)
  expect(low).toBeGreaterThanOrEqual(2.8)
  expect(high).toBeLessThanOrEqual(3.3)
  expect(medianInterval(groups)).toEqual([low, high])
})

test('equal samples have an interval without width', () => {
  expect(medianInterval([[2, 2], [2]])).toEqual([2, 2])
})

test('more samples of the same spread narrow the interval', () => {
  const random = seededRandom(3)
  const sample = (count) => [Array.from({ length: count }, random)]
  const width = ([low, high]) => high - low
  expect(width(medianInterval(sample(400)))).toBeLessThan(width(medianInterval(sample(10))) / 2)
})

test('two processes that disagree widen the interval, however many windows each has', () => {
  const [low, high] = medianInterval([Array(50).fill(2), Array(50).fill(3)])
  expect([low, high]).toEqual([2, 3])
})
