import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPolicy, policy } from '../redact/policy.js'
import { counter } from './counter.js'
import { renderMetrics } from './expose/scrape.js'
import { gauge } from './gauge.js'
import { histogram } from './histogram.js'
import { screenedPairs } from './label-value.js'
import { resetMetricsForTest } from './registry.js'

beforeEach(() => {
  resetMetricsForTest()
  policy.current = createPolicy()
})
afterEach(() => {
  policy.current = createPolicy()
})

const lines = async (name: string): Promise<string[]> => {
  const { chunks } = await renderMetrics()
  const text = Buffer.concat(chunks).toString()
  return text.split('\n').filter((line) => line.startsWith(name))
}
const hideCustomers = (): void => {
  policy.current = createPolicy({ keys: ['customer'] })
}
const labels = { customer: String, kind: String }

test('a policy set later reaches series that are there, and calls that go on with the same labels', async () => {
  const c = counter('orders_total', { help: 'O.', labels })
  const bound = c.with({ customer: 'alice-0001', kind: 'a' })
  const gone = c.with({ customer: 'carol-0003', kind: 'a' })
  c.remove({ customer: 'carol-0003', kind: 'a' })
  bound.inc(2)
  c.inc({ customer: 'bob-0002', kind: 'a' }, 3)
  c.inc({ customer: 'bob-0002', kind: 'b' }, 5)
  hideCustomers()
  c.inc({ customer: 'alice-0001', kind: 'a' }, 7)
  expect(await lines('orders_total')).toEqual([
    'orders_total{customer="[REDACTED]",kind="a"} 12',
    'orders_total{customer="[REDACTED]",kind="b"} 5',
  ])
  bound.inc(10)
  gone.inc(20)
  c.inc({ customer: 'alice-0001', kind: 'a' }, 40)
  c.inc({ customer: 'dave-0004', kind: 'b' }, 1)
  expect(await lines('orders_total')).toEqual([
    'orders_total{customer="[REDACTED]",kind="a"} 82',
    'orders_total{customer="[REDACTED]",kind="b"} 6',
  ])
})

test('every number of a histogram is added up, and a gauge by its rule', async () => {
  const h = histogram('wait_seconds', { help: 'W.', labels, buckets: [1, 2], native: true })
  const sums = gauge('depth', { help: 'D.', labels })
  const most = gauge('most', { help: 'M.', labels, merge: 'max' })
  for (const [i, customer] of ['alice', 'bob', 'carol'].entries()) {
    h.observe({ customer, kind: 'a' }, i + 0.5)
    sums.set({ customer, kind: 'a' }, i + 1)
    most.set({ customer, kind: 'a' }, i + 1)
  }
  hideCustomers()
  const at = 'customer="[REDACTED]",kind="a"'
  expect(await lines('wait_seconds')).toEqual([
    `wait_seconds_bucket{${at},le="1"} 1`,
    `wait_seconds_bucket{${at},le="2"} 2`,
    `wait_seconds_bucket{${at},le="+Inf"} 3`,
    `wait_seconds_sum{${at}} 4.5`,
    `wait_seconds_count{${at}} 3`,
  ])
  expect(await lines('depth')).toEqual([`depth{${at}} 6`])
  expect(await lines('most')).toEqual([`most{${at}} 3`])
})

test('a call that is tracked when the policy changes ends where its series is then', async () => {
  const g = gauge('jobs_in_progress', { help: 'J.', labels })
  let end = (): void => undefined
  const tracked = g.track({ customer: 'alice', kind: 'a' }, () => new Promise<void>((done) => (end = done)))
  hideCustomers()
  expect(await lines('jobs_in_progress')).toEqual(['jobs_in_progress{customer="[REDACTED]",kind="a"} 1'])
  end()
  await tracked
  expect(await lines('jobs_in_progress')).toEqual(['jobs_in_progress{customer="[REDACTED]",kind="a"} 0'])
})

test('the overflow series stays what it is', async () => {
  const c = counter('orders_total', { help: 'O.', labels, maxSeries: 1 })
  for (const customer of ['alice', 'bob', 'carol']) c.inc({ customer, kind: 'a' })
  hideCustomers()
  expect((await lines('orders_total')).toSorted()).toEqual([
    'orders_total{customer="[REDACTED]",kind="a"} 1',
    'orders_total{customer="_overflow",kind="_overflow"} 2',
  ])
})

test('scrapes at once wait for one screening', async () => {
  const c = counter('orders_total', { help: 'O.', labels, maxSeries: 100_000 })
  for (let i = 0; i < 20_000; i++) c.inc({ customer: `alice-${i}`, kind: 'a' })
  hideCustomers()
  const all = await Promise.all(
    [undefined, 'application/openmetrics-text'].map(async (accept) => {
      const { chunks } = await renderMetrics({ accept })
      return Buffer.concat(chunks).toString()
    }),
  )
  for (const text of all) expect(text).not.toContain('alice')
  expect(all[0]).toContain('orders_total{customer="[REDACTED]",kind="a"} 20000\n')
})

test.each(['', 'a="x"', String.raw`a="\"b=\",c=\"\\",b="\n,\\"`, `a="${'y'.repeat(255)}…"`])(
  'labels that need no screening stay as they are: %s',
  (pairs) => {
    expect(screenedPairs(pairs)).toBe(pairs)
  },
)

test('labels are screened by their names and values as they were given', () => {
  hideCustomers()
  expect(screenedPairs(String.raw`a="of=\"x\"",customer="b\"",d="e"`)).toBe(
    String.raw`a="of=\"x\"",customer="[REDACTED]",d="e"`,
  )
})
