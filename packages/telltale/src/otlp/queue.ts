import type { Batching } from './settings.js'

/** What waits to be sent, bounded by weight and number, what is under way included. */
export class Queue<T> {
  /** Called when a batch is there, or half of the bound. */
  wake = (): void => undefined
  #items: T[] = []
  #weight = 0
  #heldItems = 0
  #heldWeight = 0
  readonly #bounds: Pick<Batching, 'maxQueue' | 'maxItems' | 'maxBatch'>
  readonly #weigh: (item: T) => number

  constructor(bounds: Pick<Batching, 'maxQueue' | 'maxItems' | 'maxBatch'>, weigh: (item: T) => number) {
    this.#bounds = bounds
    this.#weigh = weigh
  }

  get size(): number {
    return this.#items.length
  }

  /** Waiting and under way. */
  get held(): number {
    return this.#items.length + this.#heldItems
  }

  /** False where there is no room. */
  push(item: T): boolean {
    const { maxQueue, maxItems, maxBatch } = this.#bounds
    const weight = this.#weigh(item)
    const before = this.#weight + this.#heldWeight
    if (before + weight > maxQueue || this.held >= maxItems) return false
    this.#weight += weight
    const size = this.#items.push(item)
    const half = maxQueue / 2
    if (size === maxBatch || (before < half && before + weight >= half)) this.wake()
    return true
  }

  /** The oldest, at most `count`; they keep their room until `settle`. */
  take(count: number): readonly T[] {
    const taken = this.#items.splice(0, count)
    const weight = this.#weightOf(taken)
    this.#weight -= weight
    this.#heldWeight += weight
    this.#heldItems += taken.length
    return taken
  }

  /** What was taken has been sent or dropped. */
  settle(items: readonly T[]): void {
    this.#heldWeight -= this.#weightOf(items)
    this.#heldItems -= items.length
  }

  /** Empties it; returns how many waited. */
  clear(): number {
    const { length } = this.#items
    this.#items = []
    this.#weight = 0
    return length
  }

  #weightOf(items: readonly T[]): number {
    let weight = 0
    for (const item of items) weight += this.#weigh(item)
    return weight
  }
}
