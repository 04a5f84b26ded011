import { expect, test } from 'vitest'
import { between } from './measured.mjs'

const mark = (operations, cpuMicros, wallMicros) => ({ operations, cpuMicros, wallMicros, rssBytes: 1 })

test('a window is what happened between two marks', () => {
  expect(between(mark(100, 5_000, 10_000), mark(600, 25_000, 60_000))).toEqual({
    cpuMicros: 40,
    perSecond: 10_000,
    core: 0.4,
    rssBytes: 1,
  })
})

test('a window in which nothing was done is an error, not an infinity', () => {
  expect(() => between(mark(5, 1, 1), mark(5, 2, 2))).toThrow('Nothing was done')
})
