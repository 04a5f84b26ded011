// What a bare 429 asks for.
const defaultMs = 60_000
// A clock or a server that errs must not silence a service for good.
const maxMs = 24 * 3_600_000

/** What a server has asked to be spared, by category of data; `now` is in milliseconds of any clock. */
export class RateLimits {
  readonly #until = new Map<string, number>()

  /** Reads the headers of an answer (Sentry's SDK documentation, "Rate Limiting"); a 429 without any is for all, and so is a 503 that asks to be spared. */
  read(status: number, limits: string | undefined, retryAfterMs: number | undefined, now: number): void {
    if (limits !== undefined) this.#readLimits(limits, now)
    else if (status === 429 || (status === 503 && retryAfterMs !== undefined))
      this.#limit('', now + Math.min(retryAfterMs ?? defaultMs, maxMs))
  }

  isLimited(category: string, now: number): boolean {
    return Math.max(this.#until.get('') ?? 0, this.#until.get(category) ?? 0) > now
  }

  /** `60:error;transaction:organization:quota, 2700::key`: seconds, categories, and what is of no matter here. */
  #readLimits(header: string, now: number): void {
    for (const each of header.split(',')) {
      const [seconds = '', categories = ''] = each.trim().split(':')
      const asked = Number(seconds)
      const until = now + Math.min(seconds !== '' && asked >= 0 ? asked * 1000 : defaultMs, maxMs)
      for (const category of categories.split(';').slice(0, 100)) this.#limit(category.trim(), until)
    }
  }

  #limit(category: string, until: number): void {
    if (this.#until.size < 100 || this.#until.has(category))
      this.#until.set(category, Math.max(until, this.#until.get(category) ?? 0))
  }
}
