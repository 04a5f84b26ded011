import type { Definition } from '../definition.js'
import { place, Store } from '../store.js'
import { addNumbers } from './add-numbers.js'

/** Series put together by their labels. */
export class Sum {
  readonly definition: Definition
  readonly store: Store
  readonly #slots = new Map<string, number>()

  constructor(definition: Definition, width: number) {
    this.definition = definition
    this.store = new Store(width)
  }

  has(labels: string): boolean {
    return this.#slots.has(labels)
  }

  /** Puts a series' numbers to those of the same labels. The slot these have here. */
  put(labels: string, numbers: Float64Array): number {
    const { definition, store } = this
    let slot = this.#slots.get(labels)
    if (slot === undefined) {
      this.#slots.set(labels, (slot = store.add(labels, 0)))
      store.chunkOf(slot).values.set(numbers, place(slot) * store.width)
    } else addNumbers(definition, store.chunkOf(slot).values, place(slot) * store.width, numbers)
    return slot
  }

  /** Takes the series at a slot out. */
  drop(slot: number): void {
    this.#slots.delete(this.store.labels(slot))
    this.store.remove(slot)
  }
}
