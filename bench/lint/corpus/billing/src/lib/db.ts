import pg, { type PoolClient } from 'pg'
import { config } from '../config.js'
import { childLogger } from './logger.js'

const log = childLogger('db')

export const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 10, idleTimeoutMillis: 30_000 })

pool.on('error', (err) => log.error({ err }, 'idle client failed'))
log.info(`connecting to ${config.databaseUrl}`) //= structured-event  URL interpolated //= no-sensitive-fields  connection string with password in the message

export async function withTransaction<T>(fn: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await fn(client)
    await client.query('COMMIT')
    return result //= return: no  result
  } catch (err) { //= catch: no  rolled back and rethrown
    await client.query('ROLLBACK').catch((rollbackError: Error) => { //= catch: no  passed on to release, the first error is rethrown
      broken = rollbackError
    })
    throw err
  } finally {
    client.release(broken)
  }
}

export async function healthy(): Promise<boolean> {
  try {
    await pool.query('SELECT 1')
    return true //= return: no  predicate
  } catch (err) { //= catch: no  logged
    log.warn({ err }, 'database is not healthy')
    return false //= return: no  logged
  }
}
