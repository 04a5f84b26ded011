import type { Definition } from '../definition.js'
import { labelValues, pair } from '../label-value.js'
import { readNative, writeNative } from '../native.js'
import { place, type Store } from '../store.js'

/** Series to be put together with others of the same metric: another thread's, another process's, or this one's own. */
export interface SeriesSource {
  readonly definition: Definition
  readonly width: number
  /** One more than the highest slot in use. */
  readonly count: number
  /** Until `release`, series that come stand behind all others, so that a walk up to `count` sees none twice. */
  hold(): void
  release(): void
  /** Copies a series' numbers and gives its labels as they are written; undefined where there is none. */
  read(slot: number, into: Float64Array): string | undefined
}

/** A store's series, as a source: those alone that were touched since a second, where one is given. */
export function seriesOf(definition: Definition, store: Store, since?: number): SeriesSource {
  const { width } = store
  return {
    definition,
    width,
    get count() {
      return store.count
    },
    hold: () => store.hold(),
    release: () => store.release(),
    read(slot, into) {
      if (!store.has(slot) || (since !== undefined && store.seen(slot) < since)) return undefined
      copyNumbers(definition, store.chunkOf(slot).values, place(slot) * width, into)
      return store.labels(slot)
    },
  }
}

/** Writes labels of a metric that is defined with its labels in another order in the order of `definition`. */
export function inOrder(definition: Definition, other: Definition): (pairs: string) => string {
  const names = definition.labels.map(({ name }) => name)
  const given = other.labels.map(({ name }) => name)
  const places = names.map((name) => given.indexOf(name))
  if (places.every((place, i) => place === i)) return (pairs) => pairs
  return (pairs) => {
    const values = labelValues(pairs)
    return names.map((name, i) => pair(name, values[places[i]!] ?? '')).join(',')
  }
}

/** Where the native part of a series begins; behind its numbers where it has none. */
export function plainWidth({ native, buckets = [] }: Definition, width: number): number {
  return native === undefined ? width : buckets.length + 2
}

/** Copies a series that another thread may be writing: a native part as a whole, each other number by itself. */
export function copyNumbers(
  definition: Definition,
  values: Float64Array,
  from: number,
  into: Float64Array,
): void {
  const { native } = definition
  const plain = plainWidth(definition, into.length)
  for (let i = 0; i < plain; i++) into[i] = values[from + i]!
  if (native !== undefined) writeNative(into, plain, native, readNative(values, from + plain, native))
}
