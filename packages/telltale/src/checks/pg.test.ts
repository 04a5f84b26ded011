import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { gate, until } from '../../test/support/until.js'
import { checkPg } from './pg.js'

const { signal } = new AbortController()
const reason = new Error('no answer within 5 ms')

class Connection extends EventEmitter {
  readonly released: unknown[] = []
  asked = 0
  query = async (text: string): Promise<unknown> => {
    expect(text).toBe('select 1')
    this.asked++
    return this.answer()
  }
  constructor(private readonly answer: () => unknown = () => ({ rows: [] })) {
    super()
  }
  release(error?: unknown): void {
    this.released.push(error)
  }
}

/** A pool of ten of which so many are idle; `connect` is the test's. */
function poolOf(connect: () => unknown, counts: { total?: number; idle?: number; waiting?: number } = {}) {
  const { total: totalCount = 10, idle: idleCount = 0, waiting: waitingCount = 0 } = counts
  return { totalCount, idleCount, waitingCount, options: { max: 10 }, connect }
}

/** Runs until the check has begun to wait, then aborts. */
async function lateRun(check: ReturnType<typeof checkPg>): Promise<string> {
  const abort = new AbortController()
  const answer = (check(abort.signal) as Promise<void>).then(
    () => 'passed',
    (error: Error) => error.message,
  )
  await new Promise((resolve) => setImmediate(resolve))
  abort.abort(reason)
  return answer
}

test('a connection is taken, asked and given back', async () => {
  const connection = new Connection()
  await checkPg(poolOf(async () => connection))(signal)
  expect([connection.asked, connection.released]).toEqual([1, [false]])
  expect(connection.listenerCount('error')).toBe(0)
})

test('a query that fails is told, and its connection is closed', async () => {
  const connection = new Connection(() => Promise.reject(new Error('terminating connection')))
  await expect(checkPg(poolOf(async () => connection))(signal)).rejects.toThrow('terminating connection')
  expect(connection.released).toEqual([true])
})

test('a query that hangs has its connection closed, and the next run takes another', async () => {
  const hanging = new Connection(() => new Promise(() => undefined))
  const fine = new Connection()
  const connections = [hanging, fine]
  const check = checkPg(poolOf(async () => connections.shift()))
  expect(await lateRun(check)).toBe('no answer within 5 ms: the query was not answered')
  expect(hanging.released).toEqual([true])
  await check(signal)
  expect(fine.released).toEqual([false])
})

test('a connection that breaks while it is asked does not end the process, nor is it released twice', async () => {
  let fail = (_error: Error): void => undefined
  const connection = new Connection(() => new Promise((_resolve, reject) => (fail = reject)))
  const check = checkPg(poolOf(async () => connection))
  expect(await lateRun(check)).toContain('the query was not answered')
  connection.emit('error', new Error('Connection terminated'))
  fail(new Error('Connection terminated'))
  await until('its listener is gone', () => connection.listenerCount('error') === 0)
  expect(connection.released).toEqual([true])
})

test('an exhausted pool has one waiter, however many runs give up, and says how it is used', async () => {
  const { opened, open } = gate()
  const connection = new Connection()
  let connects = 0
  const check = checkPg(poolOf(() => (connects++, opened.then(() => connection)), { waiting: 4 }))
  for (let run = 0; run < 3; run++) {
    expect(await lateRun(check)).toBe(
      'no answer within 5 ms: no connection of the pool was free: 10 of 10 in use, 3 waiting',
    )
  }
  expect(connects).toBe(1)
  open()
  await until('what came too late is given back', () => connection.released.length === 1)
  expect([connection.asked, connection.released]).toEqual([0, [undefined]])
  await check(signal)
  expect([connects, connection.asked]).toEqual([2, 1])
})

test('a run that comes to a waiting one takes its connection', async () => {
  const { opened, open } = gate()
  const connection = new Connection()
  const check = checkPg(poolOf(() => opened.then(() => connection)))
  await lateRun(check)
  const passes = check(signal)
  open()
  await passes
  expect([connection.asked, connection.released]).toEqual([1, [false]])
})

test('a connection that is not made is told from that, and broken off', async () => {
  let connects = 0
  let destroyed = 0
  const pool = {
    totalCount: 3,
    idleCount: 0,
    waitingCount: 0,
    options: { max: 10 },
    _clients: [] as unknown[],
    connect(): Promise<never> {
      connects++
      pool.totalCount++
      return new Promise((_resolve, reject) => {
        const destroy = (): void => {
          destroyed++
          pool.totalCount--
          reject(new Error('Connection terminated unexpectedly'))
        }
        pool._clients.push({ connection: { stream: { destroy } } })
      })
    },
  }
  const check = checkPg(pool)
  for (let run = 0; run < 3; run++)
    expect(await lateRun(check)).toBe('no answer within 5 ms: no connection was made')
  expect([connects, destroyed, pool.totalCount]).toEqual([3, 3, 3])
})

test('a pool that refuses is told by its own words', async () => {
  await expect(checkPg(poolOf(() => Promise.reject(new Error('refused'))))(signal)).rejects.toThrow('refused')
  const thrower = (): never => {
    throw new Error('ended')
  }
  await expect(checkPg(poolOf(thrower))(signal)).rejects.toThrow('ended')
})

test('a client alone has one query under way', async () => {
  const { opened, open } = gate()
  let asked = 0
  const check = checkPg({ query: () => (asked++, opened) })
  for (let run = 0; run < 3; run++)
    expect(await lateRun(check)).toBe('no answer within 5 ms: the query was not answered')
  expect(asked).toBe(1)
  open()
  await check(signal)
  await check(signal)
  expect(asked).toBe(2)
})

test.each([undefined, null, {}, 'postgres://', { totalCount: 1 }])('%j is refused', (target) => {
  expect(() => checkPg(target as never)).toThrow(
    'checkPg(): takes a Pool or a Client of the pg package, got ',
  )
})
