import knexFactory from 'knex'
import { createLogger } from '../lib/log.js'

const log = createLogger('db')

export const knex = knexFactory({
  client: 'pg',
  connection: process.env.DATABASE_URL,
  pool: { min: 1, max: 10, acquireTimeoutMillis: 15_000 },
})

knex.on('query-error', (err, query) => {
  log.error({ err, sql: query.sql }, 'query failed')
})

export async function isReachable() {
  try {
    await knex.raw('select 1')
    return true //= return: no  normal result of a probe
  } catch { //= catch: maybe  a health probe; knex's listener logs the query, not a refused connection
    return false //= return: no  result of a probe
  }
}

/** Runs `work` in a transaction, again when Postgres asks for it. */
export async function withRetry(work, attempts = 3) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await knex.transaction(work) //= return: no  normal result
    } catch (err) { //= catch: no  narrowed to serialisation failures, the rest is rethrown
      if (err.code !== '40001' || attempt >= attempts) throw err
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt))
    }
  }
}

export async function withLock(name, work) {
  const { rows } = await knex.raw('select pg_try_advisory_lock(hashtext(?)) as locked', [name])
  if (!rows[0].locked) return { ran: false, reason: 'locked' } //= return: no  the result carries the reason
  try {
    const value = await work()
    return { ran: true, value } //= return: no  normal result
  } finally {
    await knex.raw('select pg_advisory_unlock(hashtext(?))', [name])
  }
}
