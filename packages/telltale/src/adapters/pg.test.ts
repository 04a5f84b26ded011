import { expect, test } from 'vitest'
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

test.each([
  [null, {}, 'observePg(): takes a Pool or a Client of the pg package.'],
  [{}, {}, 'observePg(): takes a Pool or a Client of the pg package.'],
  [{ query: () => 1 }, { pool: '' }, 'observePg(): pool must be a name, got .'],
  [{ query: () => 1 }, { slowMs: -1 }, 'observePg(): slowMs must be a number of milliseconds, got -1.'],
])('%j with %j is refused', (target, options, message) => {
  expect(() => observePg(target as never, options)).toThrow(message)
})
