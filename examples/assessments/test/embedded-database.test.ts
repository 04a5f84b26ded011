import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded, type Database } from './harness/database.js'
import { startEntry } from './harness/entry.js'

describe('the embedded database', () => {
  let database: Database
  let pool: pg.Pool
  beforeAll(async () => {
    database = await startEmbedded()
    pool = new pg.Pool({ connectionString: database.url, max: 8 })
    // Taken away below, its clients lose their connections.
    pool.on('error', () => undefined)
  })
  afterAll(async () => {
    await pool?.end()
    await database?.stop()
  })

  test('many clients at once get each its own answer, while transactions keep them waiting', async () => {
    const ask = async (n: number, client: pg.Pool | pg.PoolClient = pool): Promise<boolean> => {
      const sql = n % 2 ? 'select $1::int as n' : 'select $2::int as n, $1::text as t'
      const { rows } = await client.query<{ n: number }>(sql, n % 2 ? [n] : ['text', n])
      return rows[0]?.n === n
    }
    const askInTransaction = async (n: number): Promise<boolean> => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const right = await ask(n, client)
        await client.query('commit')
        return right
      } finally {
        client.release()
      }
    }
    const right = await Promise.all(
      Array.from({ length: 200 }, (_, n) => (n % 10 ? ask(n) : askInTransaction(n))),
    )
    expect(right.filter(Boolean)).toHaveLength(200)
  })

  test('a client that leaves in the middle of a transaction does not keep the others waiting', async () => {
    await pool.query('create table left_behind (n int)')
    const leaver = new pg.Client(database.url)
    await leaver.connect()
    await leaver.query('begin')
    await leaver.query('insert into left_behind values (1)')
    const waiting = pool.query('select * from left_behind')
    await leaver.end()
    expect((await waiting).rows).toEqual([])
  })

  test('the data is there again after a crash', async () => {
    await pool.query('create table kept as select 42 as n')
    await database.halt()
    await database.resume()
    expect((await pool.query('select n from kept')).rows).toEqual([{ n: 42 }])
  })
})

test('a data folder belongs to one process, and is free again after it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assessments-'))
  try {
    const env = { DATA_DIR: join(folder, 'data') }
    const first = startEntry('database/embedded', env)
    await first.line('ready', (line) => line['ready'] === true)
    const second = startEntry('database/embedded', env)
    expect(await second.exited).toBe(1)
    expect(second.said()).toMatch(/The data folder \S+ is open in process \d+/)
    expect(await first.end('SIGTERM')).toBe(0)
    const third = startEntry('database/embedded', env)
    await third.line('ready', (line) => line['ready'] === true)
    expect(await third.end('SIGINT')).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
