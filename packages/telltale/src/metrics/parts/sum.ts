import type { Definition } from '../definition.js'
import { mergeNative, readNative, writeNative } from '../native.js'
import { place, Store } from '../store.js'
import { plainWidth } from './series.js'

/** Series put together by their labels: counters, histograms and summaries added, gauges by the definition's rule. */
export class Sum {
  readonly definition: Definition
  readonly store: Store
  readonly #slots = new Map<string, number>()
  readonly #put: (before: number, value: number) => number

  constructor(definition: Definition, width: number) {
    this.definition = definition
    this.store = new Store(width)
    this.#put = rules[definition.type === 'gauge' ? (definition.merge ?? 'sum') : 'sum']
  }

  has(labels: string): boolean {
    return this.#slots.has(labels)
  }

  /** Puts a series' numbers to those of the same labels. The slot these have here. */
  put(labels: string, numbers: Float64Array): number {
    const { store } = this
    let slot = this.#slots.get(labels)
    if (slot === undefined) {
      this.#slots.set(labels, (slot = store.add(labels, 0)))
      store.chunkOf(slot).values.set(numbers, place(slot) * store.width)
    } else this.#combine(store.chunkOf(slot).values, place(slot) * store.width, numbers)
    return slot
  }

  #combine(values: Float64Array, at: number, numbers: Float64Array): void {
    const { native } = this.definition
    const plain = plainWidth(this.definition, numbers.length)
    for (let i = 0; i < plain; i++) {
      const value = numbers[i]!
      // A gauge that was not set says nothing.
      if (Number.isNaN(value)) continue
      const before = values[at + i]!
      values[at + i] = Number.isNaN(before) ? value : this.#put(before, value)
    }
    if (native === undefined) return
    const both = mergeNative(readNative(values, at + plain, native), readNative(numbers, plain, native))
    writeNative(values, at + plain, native, both)
  }
}

const rules = {
  sum: (before: number, value: number): number => before + value,
  min: Math.min,
  max: Math.max,
} as const
