import { expect, test } from 'vitest'
import { observed } from '../observed.js'
import { Store } from '../store.js'
import { Bytes } from './bytes.js'
import { protobuf } from './protobuf.js'
import { eachSeries } from './series.js'
import { openMetrics, text } from './text.js'

test('a walk that is given up lets slots be used again', () => {
  const store = new Store(1)
  const slots = Array.from({ length: 100 }, (_, i) => store.add(`id="${i}"`, 0))
  for (const _ of eachSeries(store, () => undefined)) {
    store.remove(slots[1]!)
    expect(store.add('id="new"', 0)).toBe(100)
    break
  }
  expect(store.add('id="next"', 0)).toBe(slots[1])
  expect(store.size).toBe(101)
})

test('a series that comes while another walk goes on is not where one was', () => {
  const store = new Store(1)
  for (let i = 0; i < 100; i++) store.add(`id="${i}"`, 0)
  const outer = eachSeries(store, () => undefined)[Symbol.iterator]()
  outer.next()
  for (const _ of eachSeries(store, () => undefined));
  store.remove(0)
  expect(store.size).toBe(99)
  expect(store.add('id="0"', 0)).toBe(100)
})

test.each(Object.entries({ text, openMetrics, protobuf }))(
  '%s writes the readings that it began with, though they are taken anew meanwhile',
  (_, format) => {
    let from = 0
    const family = observed({
      type: 'gauge',
      name: 'readings',
      help: 'R.',
      labels: ['id'],
      read: () => Array.from({ length: 200 - from }, (_, i) => [{ id: `r${i + from}` }, i + from] as const),
    })
    const written = (disturb: () => void): string => {
      from = 0
      family.collect!(1000)
      const out = new Bytes()
      for (const _ of format.family(out, family)) disturb()
      return Buffer.concat(out.done()).toString('latin1')
    }
    const expected = written(() => undefined)
    expect(
      written(() => {
        from = 150
        family.collect!(1000)
      }),
    ).toBe(expected)
  },
)
