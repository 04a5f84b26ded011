import pg from 'pg'
import { observePg } from 'telltale/pg'

/**
 * A pool in which nothing hangs: waiting for a connection and for an answer both end. A server that goes away fails
 * the queries of that moment; the next ones connect anew. The embedded database ignores `statement_timeout`.
 */
export function createPool(connectionString: string): pg.Pool {
  return observePg(
    new pg.Pool({
      connectionString,
      application_name: 'assessments',
      max: 10,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 2_500,
      query_timeout: 3_000,
    }),
  )
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. No network calls inside. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // Outside a query, a lost connection is an event, and without a listener it would end the process.
  const onError = (error: Error): void => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failed: Error) => {
      broken = failed
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}
