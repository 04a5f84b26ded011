// What histogram_quantile must answer, worked out from the observations themselves: the bucket in which the rank falls,
// and a straight line through it (Prometheus 2.42; from 3.0 on it is a logarithmic one in native histograms).

export function classicQuantile(q: number, bounds: readonly number[], values: readonly number[]): number {
  const edges = [0, ...bounds]
  const rank = q * values.length
  let below = 0
  for (let index = 1; index < edges.length; index++) {
    const [lower, upper] = [edges[index - 1]!, edges[index]!]
    const inside = values.filter(
      (value) => value > (index === 1 ? -Infinity : lower) && value <= upper,
    ).length
    if (inside > 0 && below + inside >= rank) return lower + (upper - lower) * ((rank - below) / inside)
    below += inside
  }
  return bounds.at(-1)!
}

/** For positive observations: buckets end at powers of 2^(2^-schema). */
export function nativeQuantile(q: number, schema: number, values: readonly number[]): number {
  const base = 2 ** (2 ** -schema)
  const counts = new Map<number, number>()
  for (const value of values) {
    const index = Math.ceil(Math.log2(value) / Math.log2(base))
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  const rank = q * values.length
  let below = 0
  for (const [index, inside] of [...counts].toSorted(([a], [b]) => a - b)) {
    const [lower, upper] = [base ** (index - 1), base ** index]
    if (below + inside >= rank) return lower + (upper - lower) * ((rank - below) / inside)
    below += inside
  }
  return NaN
}

/** The value at the rank, nothing estimated. */
export function trueQuantile(q: number, values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1]!
}
