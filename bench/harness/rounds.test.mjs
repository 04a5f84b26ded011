import { expect, test } from 'vitest'
import { budget, order, roundsUntil } from './rounds.mjs'

test('three variants take every order there is, and the list stays as it was', () => {
  const variants = ['telltale', 'glue', 'bare']
  const orders = Array.from({ length: 6 }, (_, round) => order(variants, round))
  expect(orders[0]).toEqual(variants)
  expect(new Set(orders.map(String)).size).toBe(6)
  expect(order(variants, 6)).toEqual(orders[0])
  expect(variants).toEqual(['telltale', 'glue', 'bare'])
})

test.each([2, 3, 4, 5])('each of %i variants takes every place equally often', (count) => {
  const variants = Array.from({ length: count }, (_, index) => index)
  const orders = variants.map((round) => order(variants, round))
  for (const place of variants)
    expect(orders.map((one) => one[place]).toSorted((a, b) => a - b)).toEqual(variants)
})

test('a budget is shared out from what is left', () => {
  let now = 100
  const time = budget(1000, () => now)
  expect(time.share(4)).toBe(350)
  now = 600
  expect(time.left()).toBe(500)
  expect(time.share(2)).toBe(850)
  now = 5000
  expect(time.left()).toBe(0)
  expect(time.share(3)).toBe(5000)
})

test('rounds run while another one still fits', async () => {
  let now = 0
  const lengths = [10, 30, 20, 20, 20]
  const run = async (index) => {
    now += lengths[index]
    return index
  }
  expect(await roundsUntil(100, run, () => now)).toEqual([0, 1, 2, 3])
})

test('there is one round even where the time is over', async () => {
  expect(
    await roundsUntil(
      -1,
      async (index) => index,
      () => 0,
    ),
  ).toEqual([0])
})
