import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Batch, Queue } from './queue.js'

const weigh = (text: string): number => text.length

describe('Queue', () => {
  it('keeps within its weight and number, what is taken included, and loses nothing else', () => {
    const step = fc.oneof(
      fc.record({ push: fc.string({ maxLength: 8 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 4 }) }),
      fc.constant({ settle: true }),
    )
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 20 }), (steps, maxQueue) => {
        const queue = new Queue({ maxQueue, maxItems: 5, maxBatch: 3 }, weigh)
        const waiting: string[] = []
        const taken: Batch<string>[] = []
        const held = (): string[] => [...waiting, ...taken.flatMap(({ items }) => items)]
        for (const each of steps) {
          if ('push' in each) {
            const fits = weigh(held().join('')) + weigh(each.push) <= maxQueue && held().length < 5
            expect(queue.push(each.push)).toBe(fits)
            if (fits) waiting.push(each.push)
          } else if ('take' in each) {
            const expected = waiting.splice(0, each.take)
            const batch = queue.take(each.take)
            expect(batch).toEqual({ items: expected, weights: expected.map(weigh) })
            taken.push(batch)
          } else {
            queue.settle(taken.shift() ?? { items: [], weights: [] })
          }
          expect(queue.size).toBe(waiting.length)
          expect(queue.held).toBe(held().length)
          expect(queue.isHalfFull).toBe(weigh(held().join('')) >= maxQueue / 2 || held().length >= 2.5)
        }
        expect(queue.clear()).toBe(waiting.length)
      }),
    )
  })

  it('has room again after what waited is thrown away while something is under way', () => {
    const queue = new Queue({ maxQueue: 4, maxItems: 4, maxBatch: 3 }, weigh)
    for (const text of ['a', 'b', 'cc']) queue.push(text)
    const batch = queue.take(1)
    expect(queue.clear()).toBe(2)
    expect(queue.push('dddd')).toBe(false)
    expect(queue.push('ddd')).toBe(true)
    queue.settle(batch)
    expect(queue.push('e')).toBe(true)
    expect(queue.push('f')).toBe(false)
  })

  it('weighs each once', () => {
    const once = vi.fn<(text: string) => number>(weigh)
    const queue = new Queue({ maxQueue: 20, maxItems: 20, maxBatch: 3 }, once)
    for (const text of ['a', 'b', 'c']) queue.push(text)
    queue.settle(queue.take(2))
    queue.clear()
    expect(once).toHaveBeenCalledTimes(3)
  })

  it('wakes at half of its number', () => {
    const queue = new Queue({ maxQueue: 20, maxItems: 4, maxBatch: 9 }, weigh)
    const wake = vi.fn<() => void>()
    queue.wake = wake
    queue.push('a')
    expect(wake).not.toHaveBeenCalled()
    for (const text of ['b', 'c']) queue.push(text)
    expect(wake).toHaveBeenCalledOnce()
  })

  it('wakes for a full batch, and for half of the bound', () => {
    const queue = new Queue({ maxQueue: 20, maxItems: Infinity, maxBatch: 3 }, weigh)
    const wake = vi.fn<() => void>()
    queue.wake = wake
    for (const [text, times] of [
      ['a', 0],
      ['b', 0],
      ['c', 1],
      ['d', 1],
      ['eeeeee', 2],
      ['f', 2],
    ] as const) {
      queue.push(text)
      expect(wake).toHaveBeenCalledTimes(times)
    }
  })
})
