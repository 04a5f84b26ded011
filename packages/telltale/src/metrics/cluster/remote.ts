import type { Definition } from '../definition.js'
import { isSame, type Part } from '../parts/parts.js'
import { ScreenedLabels } from '../parts/screened-labels.js'
import type { SeriesSource } from '../parts/series.js'
import type { Change } from './message.js'

// What a worker sends is bounded by its own limits; this holds where it does not.
const maxMetrics = 10_000
const maxSeries = 1_000_000

/** What a cluster's worker last told of its metrics. */
export class Remote implements Part {
  readonly #metrics = new Map<string, RemoteMetric>()

  sources(): Iterable<SeriesSource> {
    return this.#metrics.values()
  }

  take({ definition, width, series, gone }: Change): void {
    let metric = this.#metrics.get(definition.name)
    if (metric === undefined || metric.width !== width || !isSame(metric.definition, definition)) {
      if (this.#metrics.size >= maxMetrics) return
      this.#metrics.set(definition.name, (metric = new RemoteMetric(definition, width)))
    }
    for (const labels of gone) metric.drop(labels)
    for (const [labels, ...numbers] of series) metric.set(labels, numbers.map(Number))
  }
}

class RemoteMetric implements SeriesSource {
  readonly definition: Definition
  readonly width: number
  readonly #screened: ScreenedLabels
  readonly #slots = new Map<string, number>()
  readonly #series: (readonly [labels: string, numbers: Float64Array] | undefined)[] = []
  readonly #free: number[] = []
  /** Given up while the series are walked. */
  readonly #parked: number[] = []
  #walks = 0

  constructor(definition: Definition, width: number) {
    this.definition = definition
    this.width = width
    this.#screened = new ScreenedLabels(definition)
  }

  get count(): number {
    return this.#series.length
  }

  hold(): void {
    this.#walks++
  }

  release(): void {
    this.#walks--
    if (this.#walks > 0) return
    for (const slot of this.#parked) this.#free.push(slot)
    this.#parked.length = 0
  }

  set(labels: string, numbers: readonly number[]): void {
    let slot = this.#slots.get(labels)
    if (slot === undefined) {
      if (this.#slots.size >= maxSeries) return
      slot = this.#free.pop() ?? this.#series.length
      this.#slots.set(labels, slot)
      this.#screened.forget(slot)
    }
    this.#series[slot] = [labels, Float64Array.from(numbers)]
  }

  drop(labels: string): void {
    const slot = this.#slots.get(labels)
    if (slot === undefined) return
    this.#slots.delete(labels)
    this.#series[slot] = undefined
    ;(this.#walks > 0 ? this.#parked : this.#free).push(slot)
  }

  read(slot: number, into: Float64Array): string | undefined {
    const series = this.#series[slot]
    if (series === undefined) return undefined
    into.set(series[1])
    return this.#screened.of(slot, series[0])
  }
}
