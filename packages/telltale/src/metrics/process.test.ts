import { closeSync, openSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startProcessMetrics } from './process.js'
import { resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'

let stop = (): void => undefined
beforeEach(() => {
  resetMetricsForTest()
  stop = startProcessMetrics()
})
afterEach(() => stop())

test('CPU, memory, start time and version are those of the process', () => {
  expect(sample('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(sample('process_resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(sample('nodejs_heap_size_used_bytes')).toBeLessThanOrEqual(sample('nodejs_heap_size_total_bytes'))
  expect(sample('nodejs_external_memory_bytes')).toBeGreaterThan(0)
  expect(
    Math.abs(sample('process_start_time_seconds') - (Date.now() / 1000 - process.uptime())),
  ).toBeLessThan(5)
  expect(renderMetrics()).toContain(`nodejs_version_info{version="${process.version}",`)
  expect(sample('nodejs_eventloop_time_seconds_total{state="active"}')).toBeGreaterThan(0)
})

test.runIf(process.platform === 'linux')('open file descriptors are counted', () => {
  const before = sample('process_open_fds')
  const fds = Array.from({ length: 40 }, () => openSync('/dev/null', 'r'))
  const during = sample('process_open_fds')
  fds.forEach((fd) => closeSync(fd))
  expect(during - before).toBeGreaterThan(20)
  expect(sample('process_max_fds')).toBeGreaterThanOrEqual(during)
})

test('a blocked event loop is seen, with the samples it prevented, and a scrape takes nothing away', async () => {
  const end = performance.now() + 700
  while (performance.now() < end);
  await vi.waitFor(() => {
    expect(sample('nodejs_eventloop_delay_seconds_count')).toBeGreaterThanOrEqual(4)
  })
  const late =
    sample('nodejs_eventloop_delay_seconds_count') - sample('nodejs_eventloop_delay_seconds_bucket{le="0.1"}')
  expect(late).toBeGreaterThanOrEqual(2)
})

test('garbage collections are observed by kind', async () => {
  const minor = (): number => sample('nodejs_gc_duration_seconds_count{kind="minor"}')
  await vi.waitFor(
    () => {
      for (let i = 0; i < 2e5; i++) garbage.push({ i })
      garbage.length = 0
      expect(minor()).toBeGreaterThan(0)
    },
    { timeout: 10_000 },
  )
})

test('a second start is the first one; after stop it starts anew', () => {
  expect(startProcessMetrics()).toBe(stop)
  stop()
  expect(renderMetrics()).not.toContain('process_cpu_seconds_total')
  stop = startProcessMetrics()
  expect(sample('process_cpu_seconds_total')).toBeGreaterThan(0)
})

const garbage: object[] = []

function sample(name: string): number {
  const line = renderMetrics()
    .split('\n')
    .find((l) => l.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}
