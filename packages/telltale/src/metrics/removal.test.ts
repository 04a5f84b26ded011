import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clock } from './clock.js'
import { counter } from './counter.js'
import { gauge } from './gauge.js'
import { histogram } from './histogram.js'
import { configureMetrics, resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'

const lines = (name: string): string[] =>
  renderMetrics()
    .split('\n')
    .filter((line) => line.startsWith(name))

beforeEach(resetMetricsForTest)
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  Object.assign(clock, { second: -2, missed: 0 })
})

test('a removed series is gone, begins anew when it is used, and its bound children come along', () => {
  const c = counter('jobs_total', { help: 'J.', labels: { kind: String } })
  const bound = c.with({ kind: 'a' })
  bound.inc(5)
  c.inc({ kind: 'b' })
  expect(c.remove({ kind: 'a' })).toBe(true)
  expect(c.remove({ kind: 'a' })).toBe(false)
  expect(lines('jobs_total')).toEqual(['jobs_total{kind="b"} 1'])
  c.inc({ kind: 'c' })
  bound.inc(2)
  c.inc({ kind: 'a' })
  expect(lines('jobs_total').toSorted()).toEqual([
    'jobs_total{kind="a"} 3',
    'jobs_total{kind="b"} 1',
    'jobs_total{kind="c"} 1',
  ])
})

test('of two that were bound before and after a removal, each writes the series it was bound to', () => {
  const c = counter('jobs_total', { help: 'J.', labels: { kind: String } })
  const before = c.with({ kind: 'a' })
  before.inc()
  c.remove({ kind: 'a' })
  const after = c.with({ kind: 'a' })
  before.inc()
  after.inc()
  expect(lines('jobs_total')).toEqual(['jobs_total{kind="a"} 2'])
  c.remove({ kind: 'a' })
  c.inc({ kind: 'b' })
  before.inc()
  after.inc()
  expect(lines('jobs_total').toSorted()).toEqual(['jobs_total{kind="a"} 2', 'jobs_total{kind="b"} 1'])
})

test('series that nobody touched for ttlMs are taken out, those in use stay', () => {
  // The clock may run from another test, by a timer that is not the fake one.
  clock.second = -2
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  const g = gauge('depth', { help: 'D.', labels: { queue: String }, ttlMs: 5000 })
  const h = histogram('wait_seconds', { help: 'W.', labels: { queue: String }, buckets: [1], ttlMs: 5000 })
  const bound = h.with({ queue: 'a' })
  for (const queue of ['a', 'b']) {
    g.set({ queue }, 1)
    h.observe({ queue }, queue === 'a' ? 0.5 : 2)
  }
  for (let second = 0; second < 8; second++) {
    vi.advanceTimersByTime(1000)
    g.set({ queue: 'a' }, second)
    bound.observe(2)
  }
  expect(lines('depth')).toEqual(['depth{queue="a"} 7'])
  expect(lines('wait_seconds_count')).toEqual(['wait_seconds_count{queue="a"} 9'])
  vi.advanceTimersByTime(20_000)
  expect(lines('depth')).toEqual([])
  bound.observe(0.5)
  expect(lines('wait_seconds_count')).toEqual(['wait_seconds_count{queue="a"} 1'])
})

test('a series stays for its ttlMs at least, and two seconds more at most', () => {
  clock.second = -2
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let ms = 1990
  vi.spyOn(performance, 'now').mockImplementation(() => ms)
  const pass = (more: number): void => {
    ms += more
    vi.advanceTimersByTime(more)
  }
  const g = gauge('depth', { help: 'D.', labels: { queue: String }, ttlMs: 1000 })
  g.set({ queue: 'a' }, 1)
  // Just before the clock goes on, at the end of another second than it shows.
  pass(990)
  g.set({ queue: 'a' }, 2)
  pass(990)
  expect(lines('depth')).toEqual(['depth{queue="a"} 2'])
  pass(1010)
  pass(1000)
  expect(lines('depth')).toEqual([])
})

test('time in which the event loop was blocked makes no series older', () => {
  clock.second = -2
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let ms = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => ms)
  const c = counter('jobs_total', { help: 'J.', labels: { kind: String }, ttlMs: 5000 })
  c.inc({ kind: 'a' })
  ms += 60_000
  c.inc({ kind: 'a' })
  expect(lines('jobs_total')).toEqual(['jobs_total{kind="a"} 2'])
  const age = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      ms += 1000
      vi.advanceTimersByTime(1000)
    }
  }
  age(4)
  expect(lines('jobs_total')).toEqual(['jobs_total{kind="a"} 2'])
  age(4)
  expect(lines('jobs_total')).toEqual([])
})

test('a call that is tracked while its series is taken out leaves nothing behind', async () => {
  const g = gauge('jobs_in_progress', { help: 'J.', labels: { kind: String } })
  let end = (): void => undefined
  const tracked = g.track({ kind: 'a' }, () => new Promise<void>((resolve) => (end = resolve)))
  g.remove({ kind: 'a' })
  g.inc({ kind: 'a' })
  end()
  await tracked
  expect(lines('jobs_in')).toEqual(['jobs_in_progress{kind="a"} 1'])
})

test('a series is not too old while it tracks a call', async () => {
  clock.second = -2
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  const g = gauge('jobs_in_progress', { help: 'J.', labels: { kind: String }, ttlMs: 5000 })
  const ends: (() => void)[] = []
  const endless = (): Promise<void> => new Promise<void>((resolve) => ends.push(resolve))
  const former = g.with({ kind: 'b' })
  g.remove({ kind: 'b' })
  const calls = [g.track({ kind: 'a' }, endless), former.track(endless)]
  vi.advanceTimersByTime(60_000)
  expect(lines('jobs_in')).toEqual(['jobs_in_progress{kind="a"} 1', 'jobs_in_progress{kind="b"} 1'])
  for (const end of ends) end()
  await Promise.all(calls)
  expect(lines('jobs_in')).toEqual(['jobs_in_progress{kind="a"} 0', 'jobs_in_progress{kind="b"} 0'])
  vi.advanceTimersByTime(60_000)
  expect(lines('jobs_in')).toEqual([])
})

test('what was removed makes room below the limit', () => {
  const c = counter('jobs_total', { help: 'J.', labels: { kind: String }, maxSeries: 2 })
  for (const kind of ['a', 'b', 'c']) c.inc({ kind })
  c.remove({ kind: 'a' })
  c.inc({ kind: 'd' })
  expect(lines('jobs_total').toSorted()).toEqual([
    'jobs_total{kind="_overflow"} 1',
    'jobs_total{kind="b"} 1',
    'jobs_total{kind="d"} 1',
  ])
})

test('a bound series that found no room goes back to its own when there is some', () => {
  const c = counter('jobs_total', { help: 'J.', labels: { kind: String }, maxSeries: 2 })
  const bound = c.with({ kind: 'a' })
  c.inc({ kind: 'b' })
  c.remove({ kind: 'a' })
  c.inc({ kind: 'c' })
  bound.inc(5)
  bound.inc(5)
  c.remove({ kind: 'c' })
  bound.inc(2)
  expect(lines('jobs_total').toSorted()).toEqual([
    'jobs_total{kind="_overflow"} 10',
    'jobs_total{kind="a"} 2',
    'jobs_total{kind="b"} 1',
  ])
})

test('a bound series that found no room goes back to its own when the limit is raised', () => {
  configureMetrics({ maxSeries: 1 })
  const c = counter('jobs_total', { help: 'J.', labels: { kind: String } })
  const bound = c.with({ kind: 'a' })
  c.remove({ kind: 'a' })
  c.inc({ kind: 'b' })
  bound.inc(5)
  configureMetrics({ maxSeries: 2 })
  bound.inc(2)
  expect(lines('jobs_total').toSorted()).toEqual([
    'jobs_total{kind="_overflow"} 5',
    'jobs_total{kind="a"} 2',
    'jobs_total{kind="b"} 1',
  ])
})

test.each([
  [{ ttlMs: 500 }, 'ttlMs must be a number of milliseconds of at least 1000, got 500'],
  [{ ttlMs: '1m' }, 'ttlMs must be a number of milliseconds of at least 1000, got "1m"'],
])('%j is refused', (options, said) => {
  expect(() => counter('jobs_total', { help: 'J.', ...(options as object) })).toThrow(said)
})
