import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import { postgresBinary, type RealPostgres, startPostgres } from '../../../../scripts/testing/postgres.mjs'
import { type RealRedis, redisBinary, startRedis } from '../../../../scripts/testing/redis.mjs'
import { checkPg } from '../../src/checks/index.js'
import { errorText } from '../../src/health/check.js'
import { ioredis, nodeRedis, postgres } from '../support/dependencies.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'
import { Watched } from '../support/watched.js'

const failedAndRecovered = [{ event: 'health_check_failed' }, { event: 'health_check_recovered' }]

let service: Watched
let close: () => unknown
afterEach(async () => {
  await service.end()
  await close()
})

describeWithBinary(postgresBinary, 'a check of a real PostgreSQL', () => {
  let server: RealPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  async function started(): Promise<pg.Pool> {
    const { pool, check, close: end } = postgres(server.port)
    close = end
    service = await Watched.start(check)
    await service.ready(200)
    return pool
  }

  test('sees it stopped and started', async () => {
    await started()
    await server.halt()
    await service.ready(503)
    expect(errorText(service.check.error)).toMatch(/ECONNREFUSED|Connection terminated/)
    await server.resume()
    await service.ready(200)
    expect(service.changes).toMatchObject(failedAndRecovered)
  })

  test('sees it paused and going on', async () => {
    const pool = await started()
    server.freeze()
    await service.ready(503)
    expect(service.check.status).toBe('timeout')
    expect(errorText(service.check.error)).toBe('no answer within 250 ms: the query was not answered')
    await until('it goes on failing', () => service.check.failures >= 4)
    expect(errorText(service.check.error)).toBe('no answer within 250 ms: no connection was made')
    expect(pool.totalCount).toBeLessThanOrEqual(1)
    server.thaw()
    await service.ready(200)
    expect(service.changes).toMatchObject(failedAndRecovered)
  })

  test('is told of a pool that is exhausted, with one waiter', async () => {
    const pool = await started()
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
    const other = pool.connect()
    await service.ready(503)
    await until('it goes on failing', () => service.check.failures >= 4)
    expect(errorText(service.check.error)).toBe(
      'no answer within 250 ms: no connection of the pool was free: 3 of 3 in use, 1 waiting',
    )
    expect(pool.waitingCount).toBe(2)
    for (const client of clients) client.release()
    ;(await other).release()
    await service.ready(200)
    await until('none is in use', () => pool.idleCount === pool.totalCount && pool.waitingCount === 0)
  })

  test('makes no event or duration of a query', async () => {
    const counted = (): number => metric('db_query_duration_seconds_count', { system: 'postgresql' })
    const before = counted()
    await started()
    await server.halt()
    await service.ready(503)
    await until('it goes on failing', () => service.check.failures >= 3)
    await server.resume()
    await service.ready(200)
    expect(service.log.events('query_executed', 'query_failed', 'query_slow')).toEqual([])
    expect(counted()).toBe(before)
  })

  test('by a client alone sees it paused and going on, with one query under way', async () => {
    const client = new pg.Client(server.url)
    await client.connect()
    close = () => client.end()
    let asked = 0
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    client.query = ((...args: unknown[]) => (asked++, query(...args))) as typeof client.query
    service = await Watched.start(checkPg(client))
    await service.ready(200)
    server.freeze()
    await service.ready(503)
    const before = asked
    await until('it goes on failing', () => service.check.failures >= 4)
    expect(asked).toBe(before)
    server.thaw()
    await service.ready(200)
  })
})

describeWithBinary(redisBinary, 'a check of a real Redis', () => {
  let server: RealRedis
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server?.stop())

  const clients = [
    ['redis', nodeRedis, 'it is not connected'],
    ['ioredis', ioredis, 'its status is'],
  ] as const

  test.each(clients)('by %s sees it stopped and started', async (_name, open, state) => {
    const { check, close: end } = open(server.port)
    close = end
    service = await Watched.start(check)
    await service.ready(200)
    await server.halt()
    await service.ready(503)
    await until('it goes on failing', () => service.check.failures >= 3)
    expect(errorText(service.check.error)).toContain(`the client is not ready: ${state}`)
    await server.resume()
    await service.ready(200)
    expect(service.changes).toMatchObject(failedAndRecovered)
  })

  test.each(clients)('by %s sees it paused and going on', async (_name, open) => {
    const { check, close: end } = open(server.port)
    close = end
    service = await Watched.start(check)
    await service.ready(200)
    server.freeze()
    await service.ready(503)
    await until('it goes on failing', () => service.check.failures >= 4)
    expect(errorText(service.check.error)).toBe('no answer within 250 ms: PING was not answered')
    server.thaw()
    await service.ready(200)
    expect(service.changes).toMatchObject(failedAndRecovered)
  })

  test.each(clients)('by %s that is not there when the service starts is waited for', async (_n, open) => {
    await server.halt()
    const { check, close: end } = open(server.port)
    close = end
    service = await Watched.start(check)
    await service.ready(503)
    await server.resume()
    await service.ready(200)
  })
})
