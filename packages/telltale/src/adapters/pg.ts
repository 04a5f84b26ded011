import { observePool, type PgPool } from './pg-pool.js'
import { observeClient, type PgClient } from './pg-client.js'
import { pgSettings, type PgOptions } from './pg-settings.js'

export type { PgOptions } from './pg-settings.js'

/**
 * Observes a `pg` Pool or Client and returns it: query durations, pool gauges, and the events `query_executed` (debug),
 * `query_slow` and `query_failed` (warnings) with the statement's literals out and never a parameter. Idle connections
 * that break are logged, and no longer end the process. Costs some microseconds a query. Throws a TypeError for what
 * is neither.
 *
 * @example
 * const pool = observePg(new pg.Pool({ connectionString }))
 */
export function observePg<T extends PgPool | PgClient>(target: T, options: PgOptions = {}): T {
  const settings = pgSettings(options)
  if (typeof (target as Partial<PgPool> | null)?.totalCount === 'number')
    observePool(target as PgPool, settings)
  else if (typeof (target as Partial<PgClient> | null)?.query === 'function')
    observeClient(target as PgClient, settings)
  else throw new TypeError('observePg(): takes a Pool or a Client of the pg package.')
  return target
}
