import type { Definition } from '../definition.js'
import { copyNumbers, type SeriesSource } from '../parts/series.js'
import type { Part } from '../parts/parts.js'
import { ScreenedLabels } from '../parts/screened-labels.js'
import { chunkNumber, place } from '../store.js'
import type { ThreadMessage } from './message.js'

/** What a worker thread told of its metrics: labels are kept here, numbers are read where the worker writes them. */
export class Mirror implements Part {
  readonly #stores = new Map<number, MirrorStore>()

  sources(): Iterable<SeriesSource> {
    return this.#stores.values()
  }

  take([, kind, store, ...rest]: Exclude<ThreadMessage, readonly [number, 'exit']>): void {
    if (kind === 'store') this.#stores.set(store, new MirrorStore(...(rest as [Definition, number])))
    else if (kind === 'withdrawn') this.#stores.delete(store)
    else this.#stores.get(store)?.[kind](...(rest as [never, never, never]))
  }
}

class MirrorStore implements SeriesSource {
  readonly definition: Definition
  readonly width: number
  readonly #screened: ScreenedLabels
  readonly #labels: (string | undefined)[] = []
  readonly #known: number[] = []
  /** What was told while the series are walked. */
  #late: (() => void)[] = []
  #walks = 0
  readonly #chunks: { readonly values: Float64Array; readonly generations: Int32Array }[] = []

  constructor(definition: Definition, width: number) {
    this.definition = definition
    this.width = width
    this.#screened = new ScreenedLabels(definition)
  }

  get count(): number {
    return this.#labels.length
  }

  chunk(values: Float64Array, generations: Int32Array): void {
    this.#chunks.push({ values, generations })
  }

  hold(): void {
    this.#walks++
  }

  release(): void {
    this.#walks--
    if (this.#walks > 0) return
    const late = this.#late
    this.#late = []
    for (const take of late) take()
  }

  series(slot: number, generation: number, labels: string): void {
    if (this.#walks > 0) return void this.#late.push(() => this.series(slot, generation, labels))
    if (slot > this.#labels.length) return
    this.#labels[slot] = labels
    this.#screened.forget(slot)
    this.#known[slot] = generation
  }

  gone(slot: number): void {
    if (this.#walks > 0) return void this.#late.push(() => this.gone(slot))
    if (slot < this.#labels.length) this.#labels[slot] = undefined
  }

  read(slot: number, into: Float64Array): string | undefined {
    const labels = this.#labels[slot]
    const chunk = this.#chunks[chunkNumber(slot)]
    if (labels === undefined || chunk === undefined) return undefined
    const at = place(slot)
    const isStill = (): boolean => Atomics.load(chunk.generations, at) === this.#known[slot]
    if (!isStill()) return undefined
    copyNumbers(this.definition, chunk.values, at * this.width, into)
    return isStill() ? this.#screened.of(slot, labels) : undefined
  }
}
