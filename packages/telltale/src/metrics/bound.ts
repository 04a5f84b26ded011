import type { Metric } from './metric.js'
import { none } from './series-set.js'
import { type Chunk, place } from './store.js'

const nowhere = -3

/** One series of a metric, bound: where its numbers stand, so that a call on it is a few loads and a store. */
export abstract class Bound {
  protected chunk!: Chunk
  protected values!: Float64Array
  protected seen!: Int32Array
  /** Index of the first of its numbers. */
  protected at = 0
  protected readonly metric: Metric<Bound>
  #slot = none
  #pairs: string | undefined

  constructor(metric: Metric<Bound>, slot: number) {
    this.metric = metric
    if (slot === none) this.#leave(0)
    else this.#attach(slot)
  }

  /** The series was taken out: the next call finds it again, or makes it anew. */
  detach(): void {
    this.#leave(nowhere)
  }

  /** Called before the number `i` is written where it was not touched this second. */
  protected touch(i: number, value: number): void {
    if (this.#slot === none) {
      // Bound to labels that were refused.
      if (this.#pairs === undefined) return
      const slot = this.metric.revive(this.#pairs)
      if (slot === none) return
      this.#attach(slot)
      this.metric.adopt(slot, this)
    }
    const { width } = this.metric.store
    this.metric.touch(this.chunk, this.at + i, this.#slot * width + i, value)
  }

  #attach(slot: number): void {
    const { store } = this.metric
    this.#slot = slot
    this.#pairs = store.labels(slot)
    this.#place(store.chunkOf(slot), place(slot) * store.width)
  }

  #leave(second: number): void {
    const { width } = this.metric.store
    this.#slot = none
    this.#place(
      {
        values: new Float64Array(width),
        seen: new Int32Array(width).fill(second),
        spans: new Uint32Array(2),
      },
      0,
    )
  }

  #place(chunk: Chunk, at: number): void {
    this.chunk = chunk
    this.values = chunk.values
    this.seen = chunk.seen
    this.at = at
  }
}
