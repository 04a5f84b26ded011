import { gauge } from '../metrics/gauge.js'
import { histogram } from '../metrics/histogram.js'
import { dropped } from '../self/dropped.js'
import { slot } from '../state/state.js'
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

type Source = () => PoolCounts | undefined

interface NamedPools {
  readonly labels: { readonly system: string; readonly pool: string }
  readonly sources: Set<Source>
}

const pools = slot('db.pools', () => new Map<string, NamedPools>())
const maxNames = 1000

/** Pools of one name are counted together. `counts` returns undefined once the pool is gone. */
export function observePoolCounts(system: string, pool: string, counts: Source): void {
  const key = JSON.stringify([system, pool])
  let named = pools.get(key)
  if (named === undefined) {
    if (pools.size >= maxNames) return dropped('metric', 'series_limit')
    pools.set(key, (named = { labels: { system, pool }, sources: new Set() }))
  }
  // Where nobody scrapes, pools that are gone would heap up.
  live(named)
  named.sources.add(counts)
}

define('db_active_connections', 'Connections in use, by database system and pool.', (now) => now.active)
define('db_idle_connections', 'Open connections that nobody uses.', (now) => now.idle)
define('db_waiting_requests', 'Callers that wait for a connection.', (now) => now.waiting)

function define(name: string, help: string, read: (counts: PoolCounts) => number): void {
  gauge(name, {
    help,
    labels: { system: String, pool: String },
    collect: (metric) => {
      for (const named of pools.values()) {
        metric.set(
          named.labels,
          live(named).reduce((sum, counts) => sum + read(counts), 0),
        )
      }
    },
  })
}

function live({ sources }: NamedPools): PoolCounts[] {
  const all: PoolCounts[] = []
  for (const source of sources) {
    const counts = source()
    if (counts === undefined) sources.delete(source)
    else all.push(counts)
  }
  return all
}
