import { expect, test } from 'vitest'
import { Store } from './store.js'

const label = (i: number): string => `user="u${i}"`

test('numbers and labels stay where they are while the store grows', () => {
  const store = new Store(3)
  const chunks = new Set<object>()
  for (let i = 0; i < 1000; i++) {
    const slot = store.add(label(i), 0)
    expect(slot).toBe(i)
    store.chunkOf(slot).values[place3(store, slot)] = i
    chunks.add(store.chunkOf(slot).values)
  }
  for (let i = 0; i < 1000; i++) {
    expect(store.labels(i)).toBe(label(i))
    expect(store.get(i)).toBe(i)
    expect(chunks.has(store.chunkOf(i).values)).toBe(true)
  }
})

function place3(store: Store, slot: number): number {
  const before = store.chunks.slice(0, store.chunks.indexOf(store.chunkOf(slot)))
  return (slot - before.reduce((sum, chunk) => sum + chunk.spans.length / 2, 0)) * 3
}

test('a slot is used again, its number begins anew', () => {
  const store = new Store(1)
  const [a, b] = [store.add('a="1"', 0), store.add('a="2"', 0)]
  store.chunkOf(a).values[0] = 5
  store.remove(a)
  expect(store.has(a)).toBe(false)
  expect(store.size).toBe(1)
  expect(store.add('a="3"', 0)).toBe(a)
  expect([store.get(a), store.labels(a), store.labels(b)]).toEqual([0, 'a="3"', 'a="2"'])
})

test('the labels of what comes and goes take no more room than twice of what stays', () => {
  const store = new Store(1)
  const kept = store.add(label(-1), 0)
  for (let i = 0; i < 100_000; i++) store.remove(store.add(`user="${'x'.repeat(100)}${i}"`, 0))
  expect(store.labels(kept)).toBe(label(-1))
  expect(store.bytes.length).toBeLessThan(200_000)
  expect(store.count).toBe(2)
})
