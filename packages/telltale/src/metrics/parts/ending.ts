import type { Definition } from '../definition.js'
import type { SeriesSource } from './series.js'

/** What a part that is gone measured in one metric, less the series that were kept already. */
export class Ending implements SeriesSource {
  readonly definition: Definition
  readonly width: number
  readonly #source: SeriesSource
  #kept = 0

  constructor(source: SeriesSource) {
    this.definition = source.definition
    this.width = source.width
    this.#source = source
  }

  get count(): number {
    return this.#source.count
  }

  hold(): void {
    this.#source.hold()
  }

  release(): void {
    this.#source.release()
  }

  read(slot: number, into: Float64Array): string | undefined {
    return slot < this.#kept ? undefined : this.#source.read(slot, into)
  }

  /** Gives `keep` the next series, which is no longer read here from then on; false where there are no more. */
  next(into: Float64Array, keep: (labels: string) => void): boolean {
    if (this.#kept >= this.count) return false
    const labels = this.#source.read(this.#kept, into)
    this.#kept++
    if (labels !== undefined) keep(labels)
    return true
  }
}
