import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Queue } from './queue.js'

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
        const taken: (readonly string[])[] = []
        const held = (): string[] => [...waiting, ...taken.flat()]
        for (const each of steps) {
          if ('push' in each) {
            const fits = weigh(held().join('')) + weigh(each.push) <= maxQueue && held().length < 5
            expect(queue.push(each.push)).toBe(fits)
            if (fits) waiting.push(each.push)
          } else if ('take' in each) {
            const expected = waiting.splice(0, each.take)
            expect(queue.take(each.take)).toEqual(expected)
            taken.push(expected)
          } else {
            queue.settle(taken.shift() ?? [])
          }
          expect(queue.size).toBe(waiting.length)
          expect(queue.held).toBe(held().length)
        }
        expect(queue.clear()).toBe(waiting.length)
      }),
    )
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
