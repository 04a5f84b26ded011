import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startProcessMetrics } from './process.js'
import { metricDefinitions, resetMetricsForTest } from './registry.js'
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

test('the spaces of the heap add up to it', () => {
  const used = sum('nodejs_heap_space_size_used_bytes')
  expect(used).toBeGreaterThan(0)
  expect(used).toBeLessThanOrEqual(sum('nodejs_heap_space_size_total_bytes'))
  expect(sample('nodejs_heap_space_size_used_bytes{space="old"}')).toBeGreaterThan(0)
})

test('array buffers are part of the external memory', () => {
  const before = sample('nodejs_array_buffers_bytes')
  const held = Buffer.alloc(8e6)
  expect(sample('nodejs_array_buffers_bytes') - before).toBeGreaterThan(held.length / 2)
  expect(sample('nodejs_external_memory_bytes')).toBeGreaterThanOrEqual(held.length)
})

test('active resources are counted by type, and a type that is gone stays at 0', async () => {
  const servers = () => sample('nodejs_active_resources{type="TCPServerWrap"}')
  const before = servers() || 0
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  expect(servers()).toBe(before + 1)
  server.close()
  await vi.waitFor(() => expect(servers()).toBe(before))
})

test('types beyond the bound are counted as other', () => {
  const types = Array.from({ length: 40 }, (_, i) => `Type${i}`)
  const info = vi.spyOn(process, 'getActiveResourcesInfo').mockReturnValue(types)
  try {
    const other = sample('nodejs_active_resources{type="other"}')
    expect(other).toBeGreaterThanOrEqual(8)
    expect(sum('nodejs_active_resources')).toBe(40)
    expect(sample('nodejs_active_resources{type="other"}')).toBe(other)
  } finally {
    info.mockRestore()
  }
})

test('what can’t be added up between processes says how it merges', () => {
  const own = metricDefinitions().filter(({ name }) => /^(process|nodejs)_/.test(name))
  expect(own.flatMap(({ name, merge }) => (merge === undefined ? [] : [[name, merge]]))).toEqual([
    ['nodejs_version_info', 'max'],
    ['process_start_time_seconds', 'min'],
  ])
})

const garbage: object[] = []

function sum(name: string): number {
  const lines = renderMetrics().matchAll(new RegExp(`^${name}\\{[^}]*\\} (.*)$`, 'gm'))
  return [...lines].reduce((total, [, value]) => total + Number(value), 0)
}

function sample(name: string): number {
  const line = renderMetrics()
    .split('\n')
    .find((l) => l.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}
