import { afterEach, expect, it } from 'vitest'
import { withContext } from '../context/context.js'
import { scopes } from '../context/scope.js'
import { until } from '../../test/support/until.js'
import { Lane } from './lane.js'
import { Queue } from './queue.js'

const bounds = { maxQueue: 1000, maxItems: Infinity, maxBatch: 3 }
let lane: Lane<number> | undefined
afterEach(() => lane?.close())

function laneOf(
  queue: Queue<number>,
  send: (items: readonly number[]) => Promise<void>,
  delayMs = 2 ** 31 - 1,
): Lane<number> {
  return (lane = new Lane(queue, { maxBatch: 3, delayMs }, ({ items }) => send(items)))
}

const settled = async (sent: unknown[], count: number): Promise<void> =>
  until(`${count} batches`, () => sent.length === count)

it('sends full batches at once, one at a time, and keeps the rest', async () => {
  const queue = new Queue<number>(bounds, () => 1)
  const sent: (readonly number[])[] = []
  let under = 0
  laneOf(queue, async (items) => {
    expect(++under).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    under--
    sent.push(items)
  })
  for (const item of [1, 2, 3, 4, 5, 6, 7]) queue.push(item)
  expect(sent).toEqual([])
  await settled(sent, 2)
  expect(sent).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ])
  await until('the second is settled', () => queue.held === 1)
})

it('sends what there is after its delay', async () => {
  const queue = new Queue<number>(bounds, () => 1)
  const sent: (readonly number[])[] = []
  laneOf(queue, async (items) => void sent.push(items), 1)
  queue.push(1)
  await settled(sent, 1)
  queue.push(2)
  await settled(sent, 2)
  expect(sent).toEqual([[1], [2]])
})

it('sends what waited before it was there', async () => {
  const queue = new Queue<number>(bounds, () => 1)
  for (const item of [1, 2, 3]) queue.push(item)
  const sent: (readonly number[])[] = []
  laneOf(queue, async (items) => void sent.push(items))
  await settled(sent, 1)
})

it.each([
  ['weight', { maxQueue: 8, maxItems: Infinity, maxBatch: 3 }, 2],
  ['number', { maxQueue: Infinity, maxItems: 4, maxBatch: 3 }, 1],
])('sends less than a batch at half of the bound of %s, again and again', async (_what, some, weight) => {
  const queue = new Queue<number>(some, () => weight)
  const sent: (readonly number[])[] = []
  queue.push(0)
  queue.push(1)
  laneOf(queue, async (items) => {
    await new Promise((resolve) => setImmediate(resolve))
    sent.push(items)
  })
  await settled(sent, 1)
  for (let item = 2; item < 6; item += 2) {
    await until('the batch is settled', () => queue.held === 0)
    queue.push(item)
    await new Promise((resolve) => setImmediate(resolve))
    expect(queue.size).toBe(1)
    queue.push(item + 1)
    await settled(sent, item / 2 + 1)
  }
  expect(sent.flat()).toEqual([0, 1, 2, 3, 4, 5])
})

it('is flushed with what comes while a batch is under way', async () => {
  const queue = new Queue<number>(bounds, () => 1)
  const sent: (readonly number[])[] = []
  laneOf(queue, async (items) => {
    await new Promise((resolve) => setImmediate(resolve))
    sent.push(items)
  })
  queue.push(1)
  const first = lane!.flush()
  queue.push(2)
  await lane!.flush()
  expect(sent).toEqual([[1], [2]])
  await first
  await lane!.flush()
  expect(sent).toHaveLength(2)
})

it('is flushed again by who flushes as a run ends', async () => {
  const queue = new Queue<number>(bounds, () => 1)
  const sent: (readonly number[])[] = []
  laneOf(queue, async (items) => void sent.push(items))
  for (let item = 0; item < 50; item++) {
    queue.push(item)
    // At every point of the microtasks between two runs.
    const flushed = lane!.flush()
    for (let turn = 0; turn < item % 7; turn++) await Promise.resolve()
    queue.push(100 + item)
    await lane!.flush()
    await flushed
    expect(queue.held).toBe(0)
  }
})

it('sends in no context of who woke or flushed it', async () => {
  const queue = new Queue<number>(bounds, () => 1)
  const contexts: unknown[] = []
  laneOf(queue, async () => void contexts.push(scopes.getStore()))
  await withContext({ tenant_id: 't_1' }, async () => {
    for (const item of [1, 2, 3]) queue.push(item)
    await settled(contexts, 1)
    queue.push(4)
    await lane!.flush()
  })
  expect(contexts).toEqual([undefined, undefined])
})
