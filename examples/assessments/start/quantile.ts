import type { Sample } from './scrape.js'

/**
 * The quantile `q` of a histogram, interpolated within its bucket as PromQL's histogram_quantile does; the highest
 * finite bound when it lies beyond that. `buckets` are cumulative counts by upper bound. Nothing observed: null.
 */
export function quantile(q: number, buckets: ReadonlyMap<number, number>): number | null {
  const sorted = [...buckets].sort(([a], [b]) => a - b)
  const total = sorted.at(-1)?.[1] ?? 0
  if (total === 0) return null
  const rank = q * total
  let lower = 0
  let below = 0
  for (const [bound, count] of sorted) {
    if (count >= rank) {
      if (bound === Infinity) return lower
      return count === below ? bound : lower + ((bound - lower) * (rank - below)) / (count - below)
    }
    lower = bound
    below = count
  }
  return lower
}

/** Adds up the buckets of all series of a histogram. */
export function bucketsOf(samples: readonly Sample[], histogram: string): Map<number, number> {
  const buckets = new Map<number, number>()
  for (const { name, labels, value } of samples) {
    if (name !== `${histogram}_bucket` || labels['le'] === undefined) continue
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le'])
    buckets.set(bound, (buckets.get(bound) ?? 0) + value)
  }
  return buckets
}
