import type { Batching } from './settings.js'

/** Items with what each weighs. */
export interface Batch<T> {
  readonly items: readonly T[]
  readonly weights: readonly number[]
}

/** What waits to be sent, bounded by weight and number, what is under way included. */
export class Queue<T> {
  /** Called when a batch is there, or half of a bound. */
  wake = (): void => undefined
  #items: T[] = []
  // Each is weighed once.
  #weights: number[] = []
  #heldItems = 0
  /** Waiting and under way. */
  #weight = 0
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

  get isHalfFull(): boolean {
    const { maxQueue, maxItems } = this.#bounds
    return this.#weight >= maxQueue / 2 || this.held >= maxItems / 2
  }

  /** False where there is no room. */
  push(item: T): boolean {
    const { maxQueue, maxItems, maxBatch } = this.#bounds
    const weight = this.#weigh(item)
    if (this.#weight + weight > maxQueue || this.held >= maxItems) return false
    const wasHalfFull = this.isHalfFull
    this.#weight += weight
    this.#weights.push(weight)
    const size = this.#items.push(item)
    if (size === maxBatch || (!wasHalfFull && this.isHalfFull)) this.wake()
    return true
  }

  /** The oldest, at most `count`; they keep their room until `settle`. */
  take(count: number): Batch<T> {
    const items = this.#items.splice(0, count)
    this.#heldItems += items.length
    return { items, weights: this.#weights.splice(0, count) }
  }

  /** What was taken has been sent or dropped. */
  settle({ items, weights }: Batch<T>): void {
    this.#weight -= sum(weights)
    this.#heldItems -= items.length
  }

  /** Empties it; returns how many waited. */
  clear(): number {
    const { length } = this.#items
    this.#weight -= sum(this.#weights)
    this.#items = []
    this.#weights = []
    return length
  }
}

function sum(weights: readonly number[]): number {
  let total = 0
  for (const weight of weights) total += weight
  return total
}
