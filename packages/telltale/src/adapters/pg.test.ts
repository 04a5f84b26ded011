import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { observePg } from './pg.js'

test('a rejection that nobody handles stays unhandled', async () => {
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  try {
    const heard = new Promise((resolve) => process.once('unhandledRejection', resolve))
    const client = observePg({ query: (_text: string) => Promise.reject(new Error('nobody handles this')) })
    void client.query('select 1')
    expect(await heard).toMatchObject({ message: 'nobody handles this' })
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
  }
})

test('an answer that is no promise is handed on', () => {
  const answer = { rows: [] }
  expect(observePg({ query: (_text: string) => answer }).query('select 1')).toBe(answer)
})

test('a call of another shape is handed on untouched', () => {
  const client = observePg({ query: (...args: unknown[]) => args })
  expect(client.query(undefined, 5)).toEqual([undefined, 5])
})

test('two copies of the package wrap a client and a pool once', async () => {
  vi.resetModules()
  const copy = await import('./pg.js')
  expect(copy.observePg).not.toBe(observePg)
  const client = observePg({ query: () => 1 })
  const { query } = client
  expect(copy.observePg(client).query).toBe(query)
  const counts = { totalCount: 0, idleCount: 0, waitingCount: 0 }
  const pool = observePg(Object.assign(new EventEmitter(), counts, { query: () => 1, connect: () => 1 }))
  const { connect } = pool
  expect(copy.observePg(pool).connect).toBe(connect)
  expect(pool.listenerCount('connect')).toBe(1)
})

test.each([
  [null, {}, 'observePg(): takes a Pool or a Client of the pg package.'],
  [{}, {}, 'observePg(): takes a Pool or a Client of the pg package.'],
  [{ query: () => 1 }, { pool: '' }, 'observePg(): pool must be a name, got .'],
  [{ query: () => 1 }, { slowMs: -1 }, 'observePg(): slowMs must be a number of milliseconds, got -1.'],
])('%j with %j is refused', (target, options, message) => {
  expect(() => observePg(target as never, options)).toThrow(message)
})
