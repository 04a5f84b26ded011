export interface PgOptions {
  /** The pool's name in metrics and events; default `main`. */
  readonly pool?: string
  /** Milliseconds from which a query is said to be slow; default 500. */
  readonly slowMs?: number
}

export interface PgSettings {
  readonly pool: string
  readonly slowMs: number
}

export function pgSettings({ pool = 'main', slowMs = 500 }: PgOptions): PgSettings {
  if (typeof pool !== 'string' || pool === '') {
    throw new TypeError(`observePg(): pool must be a name, got ${String(pool)}.`)
  }
  if (typeof slowMs !== 'number' || !(slowMs >= 0)) {
    throw new TypeError(`observePg(): slowMs must be a number of milliseconds, got ${String(slowMs)}.`)
  }
  return { pool, slowMs }
}
