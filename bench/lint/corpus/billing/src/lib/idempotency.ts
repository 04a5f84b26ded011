import { DatabaseError } from 'pg'
import { pool } from './db.js'
import { childLogger } from './logger.js'

const log = childLogger('idempotency')

export interface StoredResponse {
  status: number
  response: unknown | null
}

export async function acquireIdempotencyKey(accountId: string, key: string): Promise<StoredResponse | null> {
  try {
    await pool.query('INSERT INTO idempotency (account_id, key) VALUES ($1, $2)', [accountId, key])
    return null //= return: no  acquired, the answer says so
  } catch (err) { //= catch: no  narrowed to the duplicate key
    if (!(err instanceof DatabaseError) || err.code !== '23505') throw err
  }
  const { rows } = await pool.query<StoredResponse>('SELECT status, response FROM idempotency WHERE account_id = $1 AND key = $2', [accountId, key])
  return rows[0] ?? { status: 409, response: null }
}

export async function storeIdempotentResponse(accountId: string, key: string, status: number, response: unknown): Promise<void> {
  try {
    await pool.query('UPDATE idempotency SET status = $3, response = $4 WHERE account_id = $1 AND key = $2', [accountId, key, status, JSON.stringify(response)])
  } catch { //= catch: yes  key stays locked, every retry of the customer gets a 409
  }
}

export async function purgeIdempotencyKeys(): Promise<void> {
  const { rows } = await pool.query('SELECT pg_try_advisory_lock(4711) AS locked')
  if (!rows[0].locked) return //= return: maybe  another replica purges, or a lock is stuck

  try {
    const { rowCount } = await pool.query("DELETE FROM idempotency WHERE created_at < now() - interval '48 hours'")
    log.info({ count: rowCount }, 'idempotency keys purged')
  } catch (err) { //= catch: no  logged and thrown on without cause
    log.error({ err }, 'purge failed') //= no-double-report  logged as error and thrown on
    throw new Error('could not purge idempotency keys') //= error-with-context  new error without the cause
  } finally {
    await pool.query('SELECT pg_advisory_unlock(4711)')
  }
}
