import type { Pool, PoolClient } from 'pg'
import { flow, getLogger } from 'telltale'
import { inTransaction } from './database.js'
import { seedDemoUsers, seedQuestions } from './seed.js'
import { PAYMENT_STATUS, TABLES } from './tables.js'

interface Migration {
  name: string
  run(client: PoolClient): Promise<unknown>
}

const log = getLogger('migrate')
const MIGRATIONS: Migration[] = [
  { name: '001_tables', run: (client) => client.query(TABLES) },
  { name: '002_seed', run: seedQuestions },
  { name: '003_payment_status', run: (client) => client.query(PAYMENT_STATUS) },
]
// Their password is published: only for a database that is asked for them.
const DEMO_USERS: Migration = { name: 'demo_users', run: seedDemoUsers }

/** Brings the database up to date: a flow in which every pending migration is a step and a transaction of its own. */
export async function migrate(pool: Pool): Promise<void> {
  await flow('migrate', {}, async (f) => {
    // Two processes may make the same table at once; PostgreSQL then refuses one of them, for a moment.
    const applied = await f.step('read_applied', () => readApplied(pool), { attempts: 3 })
    const wanted = process.env.SEED_DEMO === '1' ? [...MIGRATIONS, DEMO_USERS] : MIGRATIONS
    for (const migration of wanted) {
      if (applied.has(migration.name)) continue
      await f.step(migration.name, () => apply(pool, migration))
    }
  })
}

async function readApplied(pool: Pool): Promise<Set<string>> {
  await pool.query(
    'create table if not exists migrations (name text primary key, at timestamptz default now())',
  )
  const { rows } = await pool.query<{ name: string }>('select name from migrations')
  return new Set(rows.map(({ name }) => name))
}

async function apply(pool: Pool, { name, run }: Migration): Promise<void> {
  await inTransaction(pool, async (client) => {
    // The row is the lock: a second process starting now waits here until the first has committed.
    const { rowCount } = await client.query(
      'insert into migrations (name) values ($1) on conflict do nothing',
      [name],
    )
    if (rowCount === 0) return log.skip('migration_skipped', { reason: 'applied_elsewhere', migration: name })
    await run(client)
    log.info('migration_applied', { migration: name })
  })
}
