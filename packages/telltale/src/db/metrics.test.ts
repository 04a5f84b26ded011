import { expect, test } from 'vitest'
import { metric } from '../../test/support/scrape.js'
import { state } from '../../test/support/slots.js'
import { observePoolCounts, type PoolCounts } from './metrics.js'

const read = (pool: string): number[] =>
  ['db_active_connections', 'db_idle_connections', 'db_waiting_requests'].map((name) =>
    metric(name, { system: 'postgresql', pool }),
  )

test('pools of one name are counted together, and one that is gone no longer', () => {
  let first: PoolCounts | undefined = { active: 3, idle: 1, waiting: 0 }
  let second: PoolCounts | undefined = { active: 5, idle: 0, waiting: 2 }
  observePoolCounts('postgresql', 'main', () => first)
  observePoolCounts('postgresql', 'main', () => second)
  observePoolCounts('postgresql', 'reports', () => ({ active: 7, idle: 0, waiting: 0 }))
  expect(read('main')).toEqual([8, 1, 2])
  expect(read('reports')).toEqual([7, 0, 0])
  first = undefined
  expect(read('main')).toEqual([5, 0, 2])
  second = undefined
  expect(read('main')).toEqual([0, 0, 0])
})

test('pools that are gone are not kept, though nobody scrapes', () => {
  for (let n = 0; n < 100; n++) observePoolCounts('postgresql', 'short-lived', () => undefined)
  const pools = state<Map<string, { sources: Set<unknown> }>>('db.pools')
  expect(pools.get('["postgresql","short-lived"]')!.sources.size).toBe(1)
})

test('more pools than a gauge may have collectors are counted', () => {
  for (let n = 0; n < 100; n++)
    observePoolCounts('postgresql', 'many', () => ({ active: 1, idle: 0, waiting: 0 }))
  expect(read('many')).toEqual([100, 0, 0])
})
