/** The middle value; the mean of the two middle ones where the count is even. Throws on no numbers. */
export function median(numbers) {
  if (numbers.length === 0) throw new RangeError('median(): there must be at least one number.')
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The smallest value that at least the share `q` of all is not above (nearest rank). Throws on no numbers. */
export function quantile(numbers, q) {
  if (numbers.length === 0) throw new RangeError('quantile(): there must be at least one number.')
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
}

/** mulberry32: a seeded generator of numbers in [0, 1), so that the same samples give the same interval. */
export function seededRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Bootstrap interval of the median, `[low, high]`. Samples come in groups, one group for each set of processes:
 * windows of one process share its luck (layout, compilation), so groups are drawn first and samples within them
 * second. Counting windows as independent would make the interval too narrow.
 */
export function medianInterval(groups, { seed = 1, resamples = 2000, level = 0.95 } = {}) {
  const random = seededRandom(seed)
  const draw = (list) => list[Math.floor(random() * list.length)]
  const medians = Array.from({ length: resamples }, () =>
    median(
      groups.flatMap(() => {
        const group = draw(groups)
        return group.map(() => draw(group))
      }),
    ),
  ).sort((a, b) => a - b)
  const tail = (1 - level) / 2
  return [
    medians[Math.floor(tail * resamples)],
    medians[Math.min(resamples - 1, Math.ceil((1 - tail) * resamples) - 1)],
  ]
}
