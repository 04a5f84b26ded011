import type { Bound } from './bound.js'
import { now, wake } from './clock.js'
import type { Definition } from './definition.js'
import type { Exemplars } from './exemplars.js'
import type { Family } from './family.js'
import { screenedPairs } from './label-value.js'
import { addNumbers } from './parts/add-numbers.js'
import { SeriesSet } from './series-set.js'
import type { Slices } from '../state/slices.js'
import { place, type Store } from './store.js'

const slotsBetweenLooks = 64

/** What is the same for every type of metric: series by labels, removal, exemplars. */
export abstract class Metric<B extends Bound> implements Family {
  readonly definition: Definition
  readonly store: Store
  readonly exemplars: Exemplars | undefined
  protected readonly series: SeriesSet<B>
  /** The one series of a metric without labels. */
  protected readonly only: B | undefined
  /** Further ones bound to a series: they held it when it was taken out, and used it when it had come back. */
  readonly #twins = new Map<B, Set<Bound>>()

  constructor(definition: Definition, store: Store, initial: number, exemplars?: Exemplars) {
    this.definition = definition
    this.store = store
    this.exemplars = exemplars
    this.series = new SeriesSet(definition, store, initial, (slot) => this.bind(slot))
    this.only = definition.labels.length === 0 ? this.bind(store.add('', initial)) : undefined
  }

  protected abstract bind(slot?: number): B

  /** Whether a value is one that its series can take; counts and says what is not. */
  protected abstract takes(value: unknown): boolean

  /** The series of labels that are not found, made for a value that it takes. */
  protected first(labels: unknown, value: unknown): B | undefined {
    return this.series.add(labels, () => this.takes(value))
  }

  /** The series of these labels, bound; for refused ones a series that is never written. */
  with(labels: unknown): B {
    return this.only ?? this.series.find(labels) ?? this.series.add(labels, () => true) ?? this.bind()
  }

  /** Takes the series of these labels out, so that it is no longer written; true if it was there. Never throws. */
  remove(labels?: unknown): boolean {
    if (this.only !== undefined) return false
    return this.#takeOut(this.series.remove(labels))
  }

  async expire(slices: Slices): Promise<void> {
    const { ttlMs } = this.definition
    if (ttlMs === undefined || this.only !== undefined) return
    // What the clock shows is up to a second old.
    const before = now() - Math.ceil(ttlMs / 1000) - 1
    for (let slot = 0; slot < this.store.count; slot++) {
      if (slot % slotsBetweenLooks === 0 && slices.isOver()) await slices.next()
      if (!this.store.has(slot) || this.store.seen(slot) >= before) continue
      if (!this.#isBusy(this.series.at(slot))) this.#takeOut(this.series.drop(slot))
    }
  }

  /** Those that the redaction policy has under the same labels now are put together; exemplars are forgotten. */
  async screen(slices: Slices): Promise<void> {
    this.exemplars?.clear()
    if (this.only !== undefined) return
    for (let slot = 0; slot < this.store.count; slot++) {
      if (slot % slotsBetweenLooks === 0 && slices.isOver()) await slices.next()
      if (this.store.has(slot)) this.#screen(slot)
    }
  }

  #screen(slot: number): void {
    const { definition, store } = this
    const before = store.labels(slot)
    const pairs = screenedPairs(before)
    if (pairs === before) return
    const at = place(slot) * store.width
    const numbers = store.chunkOf(slot).values.slice(at, at + store.width)
    if (!this.#takeOut(this.series.drop(slot), true)) return
    const to = this.series.restore(pairs).slot!
    addNumbers(definition, store.chunkOf(to).values, place(to) * store.width, numbers)
  }

  /** The slot of a series that was taken out and is used again through one that is bound to it. */
  revive(pairs: string, bound: Bound): number {
    const series = this.series.restore(pairs)
    const twins = this.#twins.get(series)
    if (twins === undefined) this.#twins.set(series, new Set([bound]))
    else twins.add(bound)
    return series.slot!
  }

  /** Notes that the number at `index` was touched, at most once a second; see clock.ts. */
  touch(seen: Int32Array, at: number, index: number, value: number): void {
    seen[at] = wake()
    this.exemplars?.take(index, value)
  }

  #isBusy(series: B | undefined): boolean {
    if (series === undefined) return false
    return series.isBusy || [...(this.#twins.get(series) ?? [])].some((twin) => twin.isBusy)
  }

  #takeOut(series: B | undefined, isMoved = false): boolean {
    if (series === undefined) return false
    const slot = series.slot!
    this.exemplars?.forget(slot * this.store.width, this.store.width)
    series.detach(isMoved)
    this.#detachTwins(series, isMoved)
    this.makeRoom()
    this.store.remove(slot)
    return true
  }

  /** Bound series that stand in the overflow series look for room at their next call. */
  makeRoom(): void {
    this.#detachTwins(this.series.overflow, false, (twin) => !twin.isBusy)
  }

  /** They find their series at the next call. */
  #detachTwins(series: B | undefined, isMoved: boolean, which = (_twin: Bound): boolean => true): void {
    const twins = series && this.#twins.get(series)
    if (twins === undefined) return
    for (const twin of [...twins].filter(which)) {
      twin.detach(isMoved)
      twins.delete(twin)
    }
    if (twins.size === 0) this.#twins.delete(series!)
  }
}
