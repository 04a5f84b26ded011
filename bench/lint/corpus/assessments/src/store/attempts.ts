import type { Pool, PoolClient } from 'pg'
import { getLogger } from 'telltale'

export interface Attempt {
  id: string
  userId: string
  assessmentId: string
  state: 'open' | 'submitted' | 'void' | 'abandoned'
  endsAt: number
  pausedAt?: number
  points: number
  maximum: number
  etag: string
  tracksFocus: boolean
}

const log = getLogger('store.attempts')
const ID = /^at_[0-9a-z]{16}$/

export class AttemptStore {
  constructor(private readonly pool: Pool) {}

  async find(id: string): Promise<Attempt | null> {
    if (!ID.test(id)) return null //= return: no  parameter guard of a getter
    const { rows } = await this.pool.query<Attempt>('select * from attempts where id = $1', [id])
    return rows[0] ?? null
  }

  async lock(id: string, by: string): Promise<boolean> {
    try {
      await this.pool.query('insert into attempt_locks (attempt_id, holder) values ($1, $2)', [id, by])
    } catch (error) { //= catch: no  unique violation narrowed, rest rethrown
      if ((error as { code?: string }).code === '23505') return false //= return: no  told by false
      throw error
    }
    return true
  }

  async saveAnswer(attemptId: string, questionId: string, answer: { value: unknown; clientTime: number }): Promise<void> {
    await this.#inTransaction(async (client) => {
      const { rowCount } = await client.query('select 1 from attempts where id = $1 and state = $2 for update', [attemptId, 'open'])
      if (rowCount === 0) return //= return: yes  answer isn't stored, the caller believes it is
      await client.query(
        `insert into answers (attempt_id, question_id, value, client_time) values ($1, $2, $3, $4)
         on conflict (attempt_id, question_id) do update set value = excluded.value, client_time = excluded.client_time`,
        [attemptId, questionId, JSON.stringify(answer.value), answer.clientTime],
      )
      await client.query('update attempts set updated_at = now() where id = $1', [attemptId])
    })
  }

  async markResultsSent(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query('update attempts set results_sent_at = now() where id = $1 and results_sent_at is null', [id])
    return rowCount === 1
  }

  async deleteOfUser(userId: string): Promise<number> {
    const { rows } = await this.pool.query<{ id: string }>('select id from attempts where user_id = $1', [userId])
    if (rows.length === 0) return 0 //= return: no  nothing to do
    return this.#inTransaction(async (client) => {
      const ids = rows.map((row) => row.id)
      await client.query('delete from answers where attempt_id = any($1)', [ids])
      const { rowCount } = await client.query('delete from attempts where id = any($1)', [ids])
      log.info('attempts_deleted', { user_id: userId, attempts: rowCount })
      return rowCount ?? 0
    })
  }

  async #inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      const result = await work(client)
      await client.query('commit')
      return result //= return: no  the result
    } catch (error) { //= catch: no  logged once and rethrown, telltale's form
      log.exception('transaction_rolled_back', error)
      await client.query('rollback').catch(() => client.release(true)) //= catch: no  broken connection is discarded, the first error goes on
      throw error
    } finally {
      client.release()
    }
  }
}

export const attemptStore = new AttemptStore(await import('../pool.js').then(({ pool }) => pool))
