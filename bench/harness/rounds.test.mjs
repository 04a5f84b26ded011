import { expect, test } from 'vitest'
import { budget, order, roundsUntil } from './rounds.mjs'

test('the order is turned round each time and the list stays as it was', () => {
  const variants = ['telltale', 'glue', 'bare']
  expect(order(variants, 0)).toEqual(['telltale', 'glue', 'bare'])
  expect(order(variants, 1)).toEqual(['bare', 'glue', 'telltale'])
  expect(order(variants, 2)).toEqual(variants)
  expect(variants).toEqual(['telltale', 'glue', 'bare'])
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
