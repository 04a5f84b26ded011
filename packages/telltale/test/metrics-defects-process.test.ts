import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { requireBinary } from '../../../scripts/testing/binaries.mjs'
import { lintMetrics } from '../../../scripts/testing/openmetrics.mjs'
import { promtoolBinary } from '../../../scripts/testing/prometheus.mjs'
import { Capture } from './support/capture.js'
import { metricsEndpoint } from './support/metrics-endpoint.js'
import { eachPeer, mended, type Peer } from './support/metrics-peers.js'
import { parseScrape } from './support/scrape.js'
import { until } from './support/until.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const scrape = metricsEndpoint()
const registers = new Map(eachPeer.map(([name, { client }]) => [name, defaultMetrics(client)]))

let log: Capture
beforeAll(() => {
  log = new Capture()
})
afterAll(() => log.telltale.shutdown())

describe('defect 7: the metrics of the process against promtool', () => {
  test.each(eachPeer)("%s offends the project's own linter", async (name) => {
    requireBinary(promtoolBinary)
    expect(lintMetrics(await registers.get(name)!.metrics()), mended(name)).toContain(
      'nodejs_active_handles_total non-counter metrics should not have "_total" suffix',
    )
  })

  test('ours is clean', async () => {
    requireBinary(promtoolBinary)
    const { body } = await scrape()
    expect(body).toContain('nodejs_eventloop_delay_seconds_count')
    expect(lintMetrics(body)).toBe('')
  })
})

describe('defect 8: two who scrape one process', () => {
  const blockedSeconds = 1

  test.each(eachPeer)('%s shows a blocked event loop to the first of them alone', async (name) => {
    const lagMax = async (): Promise<number> =>
      sum(await registers.get(name)!.metrics(), 'nodejs_eventloop_lag_max_seconds')
    await blockSeen(blockedSeconds)
    expect(await lagMax()).toBeGreaterThan(blockedSeconds * 0.9)
    expect(await lagMax(), mended(name)).toBeLessThan(blockedSeconds * 0.9)
  })

  test('ours takes nothing away', async () => {
    const late = async (): Promise<number> => {
      const { body } = await scrape()
      const within = sum(body, 'nodejs_eventloop_delay_seconds_bucket', { le: '0.25' })
      return sum(body, 'nodejs_eventloop_delay_seconds_count') - within
    }
    const before = await late()
    block(blockedSeconds)
    await vi.waitFor(async () => expect(await late()).toBeGreaterThan(before), patience)
    const first = await late()
    expect(await late()).toBeGreaterThanOrEqual(first)
  })
})

describe('defect 8: garbage collections that are told in one batch', () => {
  const collections = 20

  test.each(eachPeer)('%s counts one of each batch', async (name) => {
    const count = async (): Promise<number> =>
      sum(await registers.get(name)!.metrics(), 'nodejs_gc_duration_seconds_count')
    const before = await count()
    let told = 0
    const witness = new PerformanceObserver((list) => (told += list.getEntries().length))
    witness.observe({ entryTypes: ['gc'] })
    for (let i = 0; i < collections; i++) collectGarbage()
    await until('each collection is told', () => told >= collections)
    witness.disconnect()
    expect((await count()) - before, mended(name)).toBeLessThan(collections)
  })

  test('ours counts each', async () => {
    const count = async (): Promise<number> =>
      sum((await scrape()).body, 'nodejs_gc_duration_seconds_count', { kind: 'major' })
    const before = await count()
    for (let i = 0; i < collections; i++) collectGarbage()
    await vi.waitFor(
      async () => expect((await count()) - before).toBeGreaterThanOrEqual(collections),
      patience,
    )
  })
})

const patience = { timeout: 15_000, interval: 20 }

function defaultMetrics(client: Peer['client']): InstanceType<Peer['client']['Registry']> {
  const register = new client.Registry()
  client.collectDefaultMetrics({ register })
  return register
}

function block(seconds: number): void {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end);
}

/** Blocks the event loop until monitors at the peers' resolution have it: a scrape before that would lose it to all. */
async function blockSeen(seconds: number): Promise<void> {
  const monitor = monitorEventLoopDelay({ resolution: 10 })
  monitor.enable()
  await until('the monitor runs', () => monitor.count > 2)
  block(seconds)
  await until('the monitor has seen the block', () => monitor.max > seconds * 0.9e9)
  const seen = monitor.count
  await until('every monitor had its turn', () => monitor.count > seen + 2)
  monitor.disable()
}

function sum(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels)
  return parseScrape(text)
    .filter((each) => each.name === name && wanted.every(([key, value]) => each.labels[key] === value))
    .reduce((total, { value }) => total + value, 0)
}
