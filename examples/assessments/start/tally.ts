/** Counts by key. Keys past `limit` count as `(other)`, so that it never grows without end. */
export class Tally extends Map<string, number> {
  private readonly limit: number

  constructor(limit = 1_000) {
    super()
    this.limit = limit
  }

  add(key: string, count = 1): void {
    const kept = this.has(key) || this.size < this.limit ? key : '(other)'
    this.set(kept, (this.get(kept) ?? 0) + count)
  }

  /** As a plain object, the most frequent first. */
  object(): Record<string, number> {
    return Object.fromEntries([...this].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
  }
}
