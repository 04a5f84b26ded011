import type { CheckFunction } from '../health/options.js'
import { unobserved } from '../http/unobserved.js'
import { show } from '../self/show.js'
import { orAborted, Pending } from './pending.js'
import { PoolProbe } from './pg-probe.js'

/** The part of a `pg` Client that is used. */
export interface PgClientLike {
  query(...args: never[]): unknown
}

/** The part of a `pg` Pool that is used. */
export interface PgPoolLike {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  connect(...args: never[]): unknown
}

/**
 * A health check of a PostgreSQL server: `select 1` through a `pg` Pool, or on a Client that is connected. It takes a
 * connection as a request does, so it fails where requests would: its error tells a pool without a free connection from one that
 * can't connect and from a query without an answer. A connection that does not answer in time is closed, not reused. Whatever
 * hangs, the pool has one such waiter at most. The query is no event, duration or span of an observed pool. Throws a TypeError
 * for what is neither.
 *
 * A Client alone is asked behind the queries that it has, and connects once: prefer a pool.
 *
 * @example
 * health.check('database', checkPg(pool), { timeoutMs: 1000 })
 */
export function checkPg(target: PgPoolLike | PgClientLike): CheckFunction {
  if (isPool(target)) return poolCheck(target)
  if (typeof (target as Partial<PgClientLike> | null | undefined)?.query === 'function')
    return clientCheck(target)
  throw new TypeError(`checkPg(): takes a Pool or a Client of the pg package, got ${show(target)}.`)
}

function isPool(target: unknown): target is PgPoolLike {
  const { totalCount, connect } = (target ?? {}) as Partial<PgPoolLike>
  return typeof totalCount === 'number' && typeof connect === 'function'
}

function poolCheck(pool: PgPoolLike): CheckFunction {
  const probing = new Pending<void>()
  let probe: PoolProbe | undefined
  return async (signal) => {
    const answer = probing.join(() => (probe = new PoolProbe(pool)).run())
    const joined = probe!
    joined.isWanted = true
    await orAborted(answer, signal, () => {
      const missing = joined.missing()
      if (joined.giveUp()) probing.forget()
      return missing
    })
  }
}

function clientCheck(client: PgClientLike): CheckFunction {
  const asking = new Pending<unknown>()
  const ask = async (): Promise<unknown> =>
    unobserved(() => (client as { query(text: string): unknown }).query('select 1'))
  return async (signal) => {
    await orAborted(asking.join(ask), signal, () => 'the query was not answered')
  }
}
