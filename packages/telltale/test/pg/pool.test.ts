import { createServer } from 'node:http'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import { postgresBinary, type RealPostgres, startPostgres } from '../../../../scripts/testing/postgres.mjs'
import { observeHttp } from '../../src/adapters/http.js'
import { observePg } from '../../src/adapters/pg.js'
import { getLogger, withContext } from '../../src/index.js'
import { listening } from '../support/apps/listening.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'

describeWithBinary(postgresBinary, 'observePg against a real PostgreSQL', () => {
  let server: RealPostgres
  let log: Capture
  let pool: pg.Pool
  let name = ''
  let count = 0

  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())
  beforeEach(() => {
    log = new Capture({ log: { level: 'debug' } })
    name = `pool${++count}`
    pool = observePg(new pg.Pool({ connectionString: server.url, max: 3 }), { pool: name })
  })
  afterEach(async () => {
    await pool.end()
    await log.telltale.shutdown()
  })

  const counted = (type: string): number =>
    metric('db_query_duration_seconds_count', { system: 'postgresql', query_type: type })

  test('a query is an event at debug and a duration; no value is in either', async () => {
    const before = counted('select')
    const { rows } = await pool.query("select $1::text as a, 'hunter2-literal' as b, 4711 as c", [
      'hunter2-parameter',
    ])
    expect(rows).toEqual([{ a: 'hunter2-parameter', b: 'hunter2-literal', c: 4711 }])
    expect(log.one('query_executed')).toMatchObject({
      level: 'debug',
      logger: 'db',
      system: 'postgresql',
      statement: 'select $1::text as a, ? as b, ? as c',
      rows: 1,
      duration_ms: expect.any(Number) as number,
    })
    expect(log.text).not.toMatch(/hunter2|4711/)
    expect(counted('select')).toBe(before + 1)
  })

  test('every form of call is observed once and answers as before', async () => {
    const client = await pool.connect()
    const byCallback = (target: {
      query(text: string, done: (error: Error, result: pg.QueryResult) => void): void
    }) =>
      new Promise<number>((resolve, reject) =>
        target.query('select 3 as n', (error, result: pg.QueryResult<{ n: number }>) =>
          error ? reject(error) : resolve(result.rows[0]!.n),
        ),
      )
    expect((await client.query<{ n: number }>('select 1 as n')).rows[0]!.n).toBe(1)
    expect((await client.query<{ n: number }>({ text: 'select $1::int as n', values: [2] })).rows[0]!.n).toBe(
      2,
    )
    expect(await byCallback(client)).toBe(3)
    expect(await byCallback(pool)).toBe(3)
    expect((await client.query({ text: 'select 4 as n', rowMode: 'array' })).rows).toEqual([[4]])
    const several = (await client.query('select 5; select 6, 7')) as unknown as pg.QueryResult[]
    expect(several).toHaveLength(2)
    const submitted = client.query(new pg.Query('select 8'))
    await new Promise((resolve) => submitted.on('end', resolve))
    client.release()
    expect(log.events('query_executed')).toHaveLength(7)
  })

  test('counts go by the kind of statement', async () => {
    const types = ['select', 'insert', 'update', 'delete', 'other']
    const before = types.map(counted)
    await pool.query('create table if not exists kinds (id int)')
    await pool.query('insert into kinds values (1), (2)')
    await pool.query('update kinds set id = 3')
    await pool.query('delete from kinds')
    await pool.query('with a as (select 1) select * from a')
    expect(types.map(counted).map((now, index) => now - before[index]!)).toEqual([1, 1, 1, 1, 1])
    expect(log.events('query_executed').map((line) => line['rows'])).toEqual([null, 2, 2, 2, 1])
  })

  test("a failing query is a warning in brief, and the error is the caller's", async () => {
    const failing = pool.query("select * from missing_table where name = 'hunter2-literal' and a = $1", [
      'hunter2-value',
    ])
    await expect(failing).rejects.toMatchObject({ code: '42P01' })
    const line = log.one('query_failed')
    expect(line).toMatchObject({
      level: 'warning',
      statement: 'select * from missing_table where name = ? and a = $1',
      error: { type: 'error', message: 'relation "missing_table" does not exist', code: '42P01' },
    })
    expect(line['error']).not.toHaveProperty('stack')
    expect(log.text).not.toContain('hunter2')
  })

  test('a slow query is a warning with its limit', async () => {
    const slow = observePg(new pg.Pool({ connectionString: server.url }), {
      slowMs: 20,
      pool: `${name}-slow`,
    })
    await slow.query('select pg_sleep(0.05)')
    await slow.end()
    expect(log.one('query_slow')).toMatchObject({
      level: 'warning',
      slow_ms: 20,
      statement: 'select pg_sleep(?)',
    })
    expect(log.events('query_executed')).toEqual([])
  })

  test('callbacks run in the context of who asked, also after waiting for a connection', async () => {
    const single = observePg(new pg.Pool({ connectionString: server.url, max: 1 }), {
      pool: `${name}-single`,
    })
    const app = getLogger('app')
    const asked = Array.from({ length: 12 }, (_each, n) =>
      withContext({ asker: n }, async () => {
        if (n % 3 === 0) {
          await new Promise<void>((resolve) =>
            single.query('select 1', () => {
              app.info('answered', { n })
              resolve()
            }),
          )
        } else if (n % 3 === 1) {
          await single.query('select 2')
          app.info('answered', { n })
        } else {
          await new Promise<void>((resolve) =>
            single.connect((_error, client, release) => {
              app.info('connected', { n })
              client!.query('select 3', () => {
                app.info('answered', { n })
                release()
                resolve()
              })
            }),
          )
        }
      }),
    )
    await Promise.all(asked)
    await single.end()
    const lines = log.events('answered', 'connected')
    expect(lines).toHaveLength(16)
    for (const line of lines) expect(line['asker']).toBe(line['n'])
    const askers = log.events('query_executed').map((line) => line['asker'])
    expect([...askers].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 12 }, (_each, n) => n),
    )
  })

  test('a query of a request carries its ids', async () => {
    const { port, close } = await listening(
      createServer(
        observeHttp(async (_req, res) => res.end(String((await pool.query('select 1')).rowCount))),
      ),
    )
    const ids = Array.from({ length: 20 }, (_each, n) => `database-${n + 10}`)
    await Promise.all(ids.map((id) => ask(port, '/', { headers: { 'x-request-id': id } })))
    await log.ended(20)
    await close()
    expect(
      log
        .events('query_executed')
        .map((line) => line['request_id'])
        .sort(),
    ).toEqual(ids)
  })

  test('the gauges follow the pool', async () => {
    const read = (): number[] =>
      ['db_active_connections', 'db_idle_connections', 'db_waiting_requests'].map((gauge) =>
        metric(gauge, { system: 'postgresql', pool: name }),
      )
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
    const waiting = [pool.connect(), pool.connect()]
    await until('two wait', () => pool.waitingCount === 2)
    expect(read()).toEqual([3, 0, 2])
    for (const client of clients) client.release()
    for (const client of await Promise.all(waiting)) client.release()
    expect(read()).toEqual([0, 3, 0])
  })

  test('an idle connection that is lost is told, and the process lives', async () => {
    await pool.query('select 1')
    expect(pool.idleCount).toBe(1)
    await server.restart()
    await until('the loss is told', () => log.events('db_connection_lost').length === 1)
    expect(log.one('db_connection_lost')).toMatchObject({
      level: 'warning',
      pool: name,
      system: 'postgresql',
    })
    expect(log.one('db_connection_lost')['error']).not.toHaveProperty('stack')
    expect((await pool.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  test('a client alone is observed, once however often it is asked', async () => {
    const client = observePg(observePg(new pg.Client(server.url)))
    await client.connect()
    await client.query('select 1')
    await client.end()
    expect(log.events('query_executed')).toHaveLength(1)
  })
})
