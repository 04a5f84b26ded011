import type { Bound } from './bound.js'
import { now, wake } from './clock.js'
import type { Definition } from './definition.js'
import type { Exemplars } from './exemplars.js'
import type { Family } from './family.js'
import { labelValues } from './label-value.js'
import { none, SeriesSet } from './series-set.js'
import type { Chunk, Store } from './store.js'

/** What is the same for every type of metric: series by labels, bound series, removal, exemplars. */
export abstract class Metric<B extends Bound> implements Family {
  readonly definition: Definition
  readonly store: Store
  readonly exemplars: Exemplars | undefined
  protected readonly series: SeriesSet
  /** Several for a series that was taken out and came back. */
  readonly #bound = new Map<number, B[]>()
  /** The one series of a metric without labels. */
  protected readonly only: B | undefined

  constructor(definition: Definition, store: Store, initial: number, exemplars?: Exemplars) {
    this.definition = definition
    this.store = store
    this.exemplars = exemplars
    this.series = new SeriesSet(definition, store, initial)
    this.only = definition.labels.length === 0 ? this.bound(0) : undefined
  }

  protected abstract bind(slot: number): B

  /** The series of these labels, bound; for refused ones a series that is never written. */
  with(labels: unknown): B {
    return this.only ?? this.bound(this.series.find(labels))
  }

  /** Takes the series of these labels out, so that it is no longer written; true if it was there. Never throws. */
  remove(labels?: unknown): boolean {
    if (this.only !== undefined) return false
    const slot = this.series.remove(labels)
    if (slot === none) return false
    this.#unbind(slot)
    return true
  }

  expire(): void {
    const { ttlMs } = this.definition
    if (ttlMs === undefined || this.only !== undefined) return
    const before = now() - Math.ceil(ttlMs / 1000)
    for (let slot = 0; slot < this.store.count; slot++) {
      if (!this.store.has(slot) || this.store.seen(slot) >= before) continue
      this.series.drop(slot)
      this.#unbind(slot)
    }
  }

  /** The slot of a series that was taken out, which comes back when its bound series is used again. */
  revive(pairs: string): number {
    return this.series.restore(labelValues(pairs))
  }

  /** Notes that the number at `index` was touched, at most once a second; see clock.ts. */
  touch(chunk: Chunk, at: number, index: number, value: number): void {
    chunk.seen[at] = wake()
    this.exemplars?.take(index, value)
  }

  /** A bound series stands at this slot again. */
  adopt(slot: number, bound: B): void {
    const there = this.#bound.get(slot)
    if (there === undefined) this.#bound.set(slot, [bound])
    else if (!there.includes(bound)) there.push(bound)
  }

  protected bound(slot: number): B {
    const there = this.#bound.get(slot)
    if (there !== undefined) return there[0]!
    const made = this.bind(slot)
    if (slot !== none) this.#bound.set(slot, [made])
    return made
  }

  #unbind(slot: number): void {
    this.exemplars?.forget(slot * this.store.width, this.store.width)
    for (const bound of this.#bound.get(slot) ?? []) bound.detach()
    this.#bound.delete(slot)
  }
}
