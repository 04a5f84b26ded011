import { expect, it } from 'vitest'
import { Flood } from './flood.js'

const passed = (flood: Flood, times: number, now: number, kind = 'a'): number =>
  Array.from({ length: times }, () => flood.passes(kind, now)).filter(Boolean).length

it('lets a burst pass, then so many a second', () => {
  const flood = new Flood({ perSecond: 2, burst: 5 })
  expect(passed(flood, 10, 0)).toBe(5)
  expect(passed(flood, 10, 400)).toBe(0)
  expect(passed(flood, 10, 1000)).toBe(2)
  expect(passed(flood, 10, 60_000)).toBe(5)
})

it('counts each kind for itself', () => {
  const flood = new Flood({ perSecond: 1, burst: 1 })
  expect(passed(flood, 2, 0, 'a')).toBe(1)
  expect(passed(flood, 2, 0, 'b')).toBe(1)
})

it('remembers a bounded number of kinds, those seen last', () => {
  const flood = new Flood({ perSecond: 0.001, burst: 1 })
  for (let i = 0; i < 1000; i++) flood.passes(String(i), 0)
  expect(passed(flood, 1, 0, '0')).toBe(0)
  flood.passes('one more', 0)
  expect(passed(flood, 1, 0, '999')).toBe(0)
  expect(passed(flood, 1, 0, '0')).toBe(1)
})

it('lets all pass where it is off', () => {
  expect(passed(new Flood(false), 100, 0)).toBe(100)
})
