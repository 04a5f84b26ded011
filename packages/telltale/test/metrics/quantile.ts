// What histogram_quantile must answer, worked out from the observations themselves: the bucket in which the rank falls,
// and a straight line through it.

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
