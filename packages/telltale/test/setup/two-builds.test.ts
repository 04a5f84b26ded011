import { afterEach, expect, test } from 'vitest'
import { Child, endChildren } from '../support/child.js'

afterEach(endChildren)

test('the ESM and the CommonJS build in one process are one system', async () => {
  const child = new Child('two-builds.mjs')
  expect(await child.ended).toEqual({ code: 0, signal: null })
  expect(child.names).toEqual([
    'held_by_cjs',
    'inside',
    'first',
    'second',
    'served',
    'request_completed',
    'told',
    'shutdown_started',
    'shutdown_completed',
  ])
  for (const line of child.lines) expect(line['service']).toBe('both')
  expect(child.one('inside')['tenant']).toBe('t1')
  expect(child.one('first')['error']).toHaveProperty('stack')
  expect(child.one('second')).toMatchObject({ error_seen: true })
  expect(child.one('second')['error']).not.toHaveProperty('stack')
  expect(child.one('request_completed')).toMatchObject({ route: '/by/:cjs', bound: 'cjs' })
  expect(child.one('served')['request_id']).toBe(child.one('request_completed')['request_id'])
  expect(child.one('told')).toMatchObject({
    same: true,
    jobs: ['jobs_total{build="esm"} 1', 'jobs_total{build="cjs"} 1'],
  })
  expect(child.stderr).toBe('')
})
