import { gauge } from '../metrics/gauge.js'
import { histogram } from '../metrics/histogram.js'
import { queryTypes } from './statement.js'

export const queryDuration = histogram('db_query_duration_seconds', {
  help: 'Time from sending a query to its last row, by database system and kind of statement.',
  labels: { system: String, query_type: [...queryTypes] },
  buckets: [0.001, 0.01, 0.1, 0.5, 1],
})

/** What a pool can say of itself, read at each scrape. */
export interface PoolCounts {
  readonly active: number
  readonly idle: number
  readonly waiting: number
}

/** `counts` returns undefined once the pool is gone. */
export function observePoolCounts(system: string, pool: string, counts: () => PoolCounts | undefined): void {
  const labels = { system, pool }
  const define = (name: string, help: string, read: (counts: PoolCounts) => number): void => {
    gauge(name, {
      help,
      labels: { system: String, pool: String },
      collect: (metric) => {
        const now = counts()
        if (now !== undefined) metric.set(labels, read(now))
      },
    })
  }
  define('db_active_connections', 'Connections in use, by database system and pool.', (now) => now.active)
  define('db_idle_connections', 'Open connections that nobody uses.', (now) => now.idle)
  define('db_waiting_requests', 'Callers that wait for a connection.', (now) => now.waiting)
}
