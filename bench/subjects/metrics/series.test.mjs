import { expect, test } from 'vitest'
import { buckets, distinctSet, durations, kinds, seriesFor, setOf } from './series.mjs'

const text = (labels) => JSON.stringify(labels)

test('there are 64 sets, then they come again', () => {
  const sets = Array.from({ length: 128 }, (_, index) => text(setOf(index)))
  expect(new Set(sets).size).toBe(64)
  expect(sets.slice(64)).toEqual(sets.slice(0, 64))
})

test('every distinct set is one', () => {
  expect(new Set(Array.from({ length: 5000 }, (_, index) => text(distinctSet(index)))).size).toBe(5000)
})

test('durations use every bucket', () => {
  const bounds = [0, ...buckets, Infinity]
  for (const [index, upper] of bounds.slice(1).entries())
    expect(durations.filter((value) => value > bounds[index] && value <= upper).length).toBeGreaterThan(20)
})

test('100,000 lines are at least as many, and not a whole series more', () => {
  expect(seriesFor('counters', 100_000)).toBe(100_000)
  const lines = seriesFor('histograms', 100_000) * kinds.histograms.lines
  expect(lines).toBeGreaterThanOrEqual(100_000)
  expect(lines).toBeLessThan(100_000 + kinds.histograms.lines)
})
