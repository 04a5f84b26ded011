import { scopes } from '../context/scope.js'
import { observePoolCounts } from '../db/metrics.js'
import { briefField } from '../errors/record.js'
import { loggerNamed } from '../log/logger.js'
import { slot } from '../state/state.js'
import { observeClient, type PgClient } from './pg-client.js'
import type { PgSettings } from './pg-settings.js'

/** The part of a `pg` Pool that is observed. */
export interface PgPool extends PgClient {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  connect(...args: never[]): unknown
  on(event: 'connect' | 'acquire', listener: (client: PgClient) => void): unknown
  on(event: 'error', listener: (error: Error, client: PgClient) => void): unknown
}

const log = loggerNamed('db')
const observed = slot('pg.pools', () => new WeakSet<object>())

export function observePool(pool: PgPool, settings: PgSettings): void {
  if (observed.has(pool)) return
  observed.add(pool)
  pool.on('connect', (client) => observeClient(client, settings))
  // Clients that were there before.
  pool.on('acquire', (client) => observeClient(client, settings))
  pool.on('error', (error) => {
    // No request caused it: the connection broke while nobody used it.
    const fields = { system: 'postgresql', pool: settings.pool, error: briefField(error) }
    scopes.exit(() => log.warning('db_connection_lost', fields))
  })
  keepContext(pool)

  const weak = new WeakRef(pool)
  observePoolCounts('postgresql', settings.pool, () => {
    const live = weak.deref()
    if (live === undefined) return undefined
    const { totalCount, idleCount, waitingCount } = live
    return { active: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  })
}

/** A callback that waited for a connection is called from whoever released it: its own context comes back here. */
function keepContext(pool: PgPool): void {
  for (const name of ['connect', 'query'] as const) {
    const call = pool[name] as unknown as (this: PgPool, ...args: unknown[]) => unknown
    pool[name] = function (this: PgPool, ...args: unknown[]): unknown {
      const at = args.findIndex((arg) => typeof arg === 'function')
      const scope = scopes.getStore()
      if (at >= 0 && scope !== undefined) {
        const callback = args[at] as (...results: unknown[]) => unknown
        args[at] = (...results: unknown[]) => scopes.run(scope, callback, ...results)
      }
      return call.apply(this, args)
    } as never
  }
}
