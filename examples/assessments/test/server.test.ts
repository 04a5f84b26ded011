import pg from 'pg'
import { expect, test } from 'vitest'
import { buildServer } from '../src/server.js'

test('a request that never ends is given up on', async () => {
  const gateway = { charge: () => Promise.resolve('paid' as const), isUp: () => Promise.resolve(true) }
  const app = await buildServer({ pool: new pg.Pool(), gateway })
  expect(app.server.requestTimeout).toBeGreaterThan(0)
  await app.close()
})
