import { type Chunk, dead, place, type Store } from '../store.js'

const seriesBetweenPauses = 64

/** One series to be written: where its numbers and labels stand, and its slot. */
export type WriteSeries = (chunk: Chunk, at: number, slot: number) => void

/**
 * Writes every series that is there and set, and pauses each 64 of them. Series that come while the scrape goes on belong
 * to the next one.
 */
export function* eachSeries(store: Store, write: WriteSeries): Iterable<void> {
  const { count, width } = store
  store.hold()
  try {
    for (let begin = 0; begin < count; begin += seriesBetweenPauses) {
      yield
      const end = Math.min(count, begin + seriesBetweenPauses)
      for (let slot = begin; slot < end; slot++) {
        const chunk = store.chunkOf(slot)
        const at = place(slot)
        // NaN is one that was not set yet, or a total not told.
        if (chunk.seen[at * width] !== dead && chunk.values[at * width] === chunk.values[at * width])
          write(chunk, at, slot)
      }
    }
  } finally {
    store.release()
  }
}
