import type { Metric } from './metric.js'
import { place } from './store.js'

const nowhere = -3

/** One series of a metric: where its numbers stand, so that a call on it is a few loads and a store. */
export abstract class Bound {
  protected values!: Float64Array
  protected seen!: Int32Array
  /** Index of the first of its numbers. */
  protected at = 0
  protected readonly metric: Metric<Bound>
  #slot: number | undefined
  /** Of a series that was taken out once; it may stand in the overflow series since. */
  #pairs: string | undefined

  /** Without a slot it stands for refused labels: its numbers are written where nobody reads them. */
  constructor(metric: Metric<Bound>, slot?: number) {
    this.metric = metric
    if (slot === undefined) this.#leave()
    else this.#attach(slot)
  }

  /** Where it stands in the metric's store. */
  get slot(): number | undefined {
    return this.#slot
  }

  /** Whether the series counts calls under way: then it is not taken out for its age. */
  get isBusy(): boolean {
    return false
  }

  /** The series is taken out: the next call finds it again, or makes it anew; or it moved, and is found there. */
  detach(_isMoved: boolean): void {
    this.#pairs ??= this.metric.store.labels(this.#slot!)
    this.#leave()
  }

  /** Called before the number `i` is written where it was not touched this second. */
  protected touch(i: number, value: number): void {
    if (this.#slot === undefined) {
      if (this.#pairs === undefined) return
      this.#attach(this.metric.revive(this.#pairs, this))
    }
    this.metric.touch(this.seen, this.at + i, this.#slot! * this.metric.store.width + i, value)
  }

  #attach(slot: number): void {
    const { store } = this.metric
    const { values, seen } = store.chunkOf(slot)
    this.#slot = slot
    this.values = values
    this.seen = seen
    this.at = place(slot) * store.width
  }

  #leave(): void {
    const { width } = this.metric.store
    this.#slot = undefined
    this.values = new Float64Array(width)
    this.seen = new Int32Array(width).fill(nowhere)
    this.at = 0
  }
}
