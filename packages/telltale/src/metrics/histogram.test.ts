import { beforeEach, expect, test, vi } from 'vitest'
import { droppedCounts } from '../self/dropped.js'
import { histogram } from './histogram.js'
import { resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'

beforeEach(resetMetricsForTest)

test('a histogram counts each value in every bucket it fits', () => {
  const h = histogram('wait_seconds', {
    help: 'Wait.',
    labels: { kind: ['pdf'] },
    buckets: [0.1, 1, Infinity],
  })
  expect(count('wait_seconds', '{kind="pdf"}')).toBe(0)
  h.observe({ kind: 'pdf' }, 0.1)
  h.with({ kind: 'pdf' }).observe(0.5)
  h.observe({ kind: 'pdf' }, 7)
  expect(renderMetrics()).toContain(
    [
      '# HELP wait_seconds Wait.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{kind="pdf",le="0.1"} 1',
      'wait_seconds_bucket{kind="pdf",le="1"} 2',
      'wait_seconds_bucket{kind="pdf",le="+Inf"} 3',
      'wait_seconds_sum{kind="pdf"} 7.6',
      'wait_seconds_count{kind="pdf"} 3',
      '',
    ].join('\n'),
  )
})

test('without labels and buckets it has those of durations, from the start', () => {
  histogram('wait_seconds', { help: 'Wait.' })
  expect(renderMetrics()).toContain('wait_seconds_bucket{le="0.005"} 0\n')
  expect(renderMetrics()).toContain('wait_seconds_bucket{le="10"} 0\n')
  expect(count('wait_seconds')).toBe(0)
})

test.each([[NaN], [Infinity], [-Infinity], ['1'], [null], [undefined], [{}], [Symbol('v')], [1n]])(
  'observe(%s) is refused and counted',
  (value) => {
    const h = histogram('wait_seconds', { help: 'Wait.' })
    const before = refused()
    h.observe(value as never)
    expect(refused()).toBe(before + 1)
    expect(count('wait_seconds')).toBe(0)
  },
)

test('time() returns what the function returns and observes once', async () => {
  const h = histogram('wait_seconds', { help: 'Wait.', labels: { kind: String } })
  expect(h.time({ kind: 'sync' }, () => 5)).toBe(5)
  const running = h.time({ kind: 'async' }, async () => 'done')
  await expect(running).resolves.toBe('done')
  expect(h.with({ kind: 'bound' }).time(() => undefined)).toBe(undefined)
  for (const kind of ['sync', 'async', 'bound']) expect(count('wait_seconds', `{kind="${kind}"}`)).toBe(1)
})

test('time() observes and throws on what the function throws', async () => {
  const h = histogram('wait_seconds', { help: 'Wait.' })
  const error = new Error('no')
  const fail = (): never => {
    throw error
  }
  expect(() => h.time(fail)).toThrow(error)
  await expect(h.time(async () => fail())).rejects.toBe(error)
  expect(count('wait_seconds')).toBe(2)
})

test('time() measures seconds until the promise settles', async () => {
  const h = histogram('wait_seconds', { help: 'Wait.' })
  const started = performance.now()
  await h.time(() => new Promise((resolve) => setTimeout(resolve, 30)))
  const most = (performance.now() - started) / 1000
  const sum = Number(/^wait_seconds_sum (\S+)$/m.exec(renderMetrics())?.[1])
  expect(sum).toBeGreaterThan(0.02)
  expect(sum).toBeLessThanOrEqual(most)
})

test('time() starts a lazy thenable once', async () => {
  const h = histogram('wait_seconds', { help: 'Wait.' })
  let started = 0
  const query = {
    // oxlint-disable-next-line unicorn/no-thenable -- what query builders do
    then(resolve: (rows: number) => void) {
      started++
      resolve(3)
    },
  }
  expect(await h.time(() => query as PromiseLike<number>)).toBe(3)
  expect(started).toBe(1)
})

test('time() with labels that are refused runs the function all the same', () => {
  const h = histogram('wait_seconds', { help: 'Wait.', labels: { kind: ['pdf'] } })
  expect(h.time({ kind: 'doc' } as never, () => 5)).toBe(5)
  expect(count('wait_seconds', '{kind="pdf"}')).toBe(0)
})

test('labels changed while the function runs do not move its time', async () => {
  const h = histogram('wait_seconds', { help: 'Wait.', labels: { kind: String } })
  const labels = { kind: 'a' }
  const running = h.time(labels, async () => undefined)
  labels.kind = 'b'
  await running
  expect(count('wait_seconds', '{kind="a"}')).toBe(1)
})

function count(name: string, labels = ''): number | undefined {
  const line = renderMetrics()
    .split('\n')
    .find((l) => l.startsWith(`${name}_count${labels} `))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

function refused(): number {
  return [...droppedCounts()].find((d) => d.signal === 'metric' && d.reason === 'invalid_value')?.count ?? 0
}

test('a native histogram whose buckets are full begins anew, sum and classic buckets included, once minResetMs have passed', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const h = histogram('reset_seconds', {
    help: 'R.',
    buckets: [10],
    native: { factor: 2, maxBuckets: 2, minResetMs: 60_000 },
  })
  h.observe(1)
  vi.setSystemTime(Date.now() + 120_000)
  for (const value of [2, 4, 8]) h.observe(value)
  const counted = Number(/reset_seconds_count (\S+)/.exec(renderMetrics())?.[1])
  const sum = Number(/reset_seconds_sum (\S+)/.exec(renderMetrics())?.[1])
  expect([counted, sum]).toEqual([2, 12])
  vi.useRealTimers()
})
