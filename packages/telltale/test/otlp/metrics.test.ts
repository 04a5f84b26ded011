import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { counter, gauge, histogram, summary } from '../../src/index.js'
import { elsewhere } from '../../src/metrics/expose/exposition.js'
import { parts } from '../../src/metrics/parts/parts.js'
import { resetMetricsForTest } from '../../src/metrics/registry.js'
import { flushOtlp } from '../../src/otlp/index.js'
import type { Capture } from '../support/capture.js'
import { Collector, status } from './collector.js'
import { attributesOf, encodeAnswer, type Json } from './decode.js'
import { droppedOf, sending } from './running.js'

let collector: Collector
let app: Capture | undefined

beforeEach(async () => {
  resetMetricsForTest()
  collector = await new Collector().open()
})
afterEach(async () => {
  await app?.telltale.shutdown()
  app = undefined
  await collector.close()
  resetMetricsForTest()
})

const only = { traces: false, logs: false, metrics: true } as const

function start(options: object = {}): void {
  app = sending(collector.endpoint, { ...only, ...options }, { metrics: { process: false } })
}

/** The one metric of this name in the last sending. */
function metric(name: string): Json {
  const found = collector.metrics.filter((each) => each.name === name)
  return found.at(-1)
}

describe('a metric that left', () => {
  it('is a cumulative sum where it counts', async () => {
    start()
    const submissions = counter('submissions_total', {
      help: 'Submissions.',
      labels: { area: String, ok: Boolean },
    })
    submissions.inc({ area: 'a "b" \\ c\nd, e="f"', ok: true }, 2.5)
    submissions.inc({ area: 'x', ok: false })
    await flushOtlp()
    const { description, unit, sum } = metric('submissions_total')
    expect({ description, unit }).toEqual({ description: 'Submissions.', unit: undefined })
    expect(sum).toMatchObject({ aggregationTemporality: 2, isMonotonic: true })
    expect(sum.dataPoints.map((point: Json) => [attributesOf(point.attributes), point.asDouble])).toEqual([
      [{ area: 'a "b" \\ c\nd, e="f"', ok: 'true' }, 2.5],
      [{ area: 'x', ok: 'false' }, 1],
    ])
    const [{ startTimeUnixNano, timeUnixNano }] = sum.dataPoints
    const began = Number(BigInt(startTimeUnixNano) / 1_000_000n)
    expect(Math.abs(began - performance.timeOrigin)).toBeLessThan(60_000)
    expect(BigInt(timeUnixNano)).toBeGreaterThan(BigInt(startTimeUnixNano))
  })

  it('is a gauge where it was set, with its unit', async () => {
    start()
    gauge('unset_bytes', { help: 'Never set.', labels: { a: String } })
    gauge('held_bytes', { help: 'Held.' }).set(-7.5)
    await flushOtlp()
    expect(metric('held_bytes')).toMatchObject({ unit: 'By', gauge: { dataPoints: [{ asDouble: -7.5 }] } })
    expect(metric('unset_bytes')).toBeUndefined()
  })

  it('is a histogram with its buckets, a summary one with none', async () => {
    start()
    const took = histogram('render_seconds', { help: 'Rendering.', buckets: [0.1, 1] })
    for (const seconds of [0.05, 0.1, 0.5, 7]) took.observe(seconds)
    const size = summary('body_bytes', { help: 'Bodies.' })
    size.observe(10)
    size.observe(30)
    await flushOtlp()
    const { unit, histogram: classic } = metric('render_seconds')
    expect(unit).toBe('s')
    expect(classic.aggregationTemporality).toBe(2)
    expect(classic.dataPoints).toMatchObject([
      { count: '4', sum: 7.65, bucketCounts: ['2', '1', '1'], explicitBounds: [0.1, 1] },
    ])
    expect(metric('body_bytes').histogram.dataPoints).toMatchObject([
      { count: '2', sum: 40, bucketCounts: ['2'] },
    ])
  })

  it('is an exponential histogram where it is native', async () => {
    start()
    const took = histogram('native_seconds', { help: 'Native.', native: { factor: 2 } })
    // The schema of factor 2 is 0: powers of two, the upper bound inside.
    for (const seconds of [0, 1, 1.5, 2, 3, 9, -4]) took.observe(seconds)
    await flushOtlp()
    const [point] = metric('native_seconds').exponentialHistogram.dataPoints
    expect(point).toMatchObject({ count: '7', sum: 12.5, zeroCount: '1' })
    expect(point.scale ?? 0).toBe(0)
    // (0.5, 1], (1, 2], (2, 4], (4, 8], (8, 16]
    expect(point.positive).toMatchObject({ offset: -1, bucketCounts: ['1', '2', '1', '0', '1'] })
    // (2, 4] of the magnitudes
    expect(point.negative).toMatchObject({ offset: 1, bucketCounts: ['1'] })
  })

  it('is told more coarsely where values are far apart, with none lost', async () => {
    start()
    const took = histogram('wide_seconds', { help: 'Wide.', native: { factor: 1.01 } })
    for (let power = -60; power <= 60; power++) took.observe(2 ** power)
    await flushOtlp()
    const [point] = metric('wide_seconds').exponentialHistogram.dataPoints
    const { offset, bucketCounts } = point.positive
    expect(bucketCounts.length).toBeLessThanOrEqual(640)
    expect(bucketCounts.reduce((sum: number, count: string) => sum + Number(count), 0)).toBe(121)
    const growth = 2 ** (1 / 2 ** point.scale)
    // The lowest value is in the first bucket, the highest in the last.
    expect(growth ** offset).toBeLessThan(2 ** -60)
    expect(growth ** (offset + 1)).toBeGreaterThanOrEqual(2 ** -60 * 0.999_999)
    expect(growth ** (offset + bucketCounts.length)).toBeGreaterThanOrEqual(2 ** 60 * 0.999_999)
  })
})

it('sends each series once, however many there are, a few thousand at a time', async () => {
  start()
  const many = counter('many_total', { help: 'Many.', labels: { n: Number }, maxSeries: 10_000 })
  for (let n = 0; n < 9000; n++) many.inc({ n }, n)
  await flushOtlp()
  expect(collector.of('metrics').length).toBeGreaterThanOrEqual(3)
  const points = collector.metrics
    .filter(({ name }) => name === 'many_total')
    .flatMap(({ sum }) =>
      sum.dataPoints.map((point: Json) => [attributesOf(point.attributes)['n'], point.asDouble]),
    )
  expect(points).toHaveLength(9000)
  expect(Object.fromEntries(points)).toEqual(
    Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [n, n])),
  )
})

it('goes by itself every interval', async () => {
  counter('ticks_total', { help: 'Ticks.' }).inc()
  start({ metricsIntervalMs: 20 })
  await collector.has(2, 'metrics')
  expect(metric('ticks_total').sum.dataPoints[0].asDouble).toBe(1)
})

it('is not sent unless asked for', async () => {
  app = sending(collector.endpoint, { traces: false })
  await flushOtlp()
  expect(collector.of('metrics')).toEqual([])
})

it("is not sent by a worker of a cluster: the primary has all processes' metrics", async () => {
  counter('mine_total', { help: 'Mine.' }).inc()
  start()
  elsewhere.render = async () => undefined
  await flushOtlp()
  elsewhere.render = undefined
  expect(collector.received).toEqual([])
  await flushOtlp()
  expect(metric('mine_total')).toBeDefined()
})

it('counts points that are refused', async () => {
  const before = droppedOf('metric', 'rejected')
  counter('refused_total', { help: 'Refused.' }).inc()
  collector.behave = status(200, {}, encodeAnswer('metrics', { partialSuccess: { rejectedDataPoints: 1 } }))
  start()
  await flushOtlp()
  expect(droppedOf('metric', 'rejected') - before).toBe(1)
})

it('is sent once more where it is flushed while a sending is under way: the last values count', async () => {
  const worked = counter('worked_total', { help: 'Worked.' })
  worked.inc()
  let answer!: () => void
  collector.first((response) => void (answer = () => response.end()))
  start()
  const first = flushOtlp()
  await collector.has(1, 'metrics')
  worked.inc()
  const last = Promise.all([flushOtlp(), flushOtlp()])
  answer()
  await Promise.all([first, last])
  expect(collector.of('metrics')).toHaveLength(2)
  expect(metric('worked_total').sum.dataPoints[0].asDouble).toBe(2)
})

it('that can not be read is counted as that, and is read again', async () => {
  const before = droppedOf('metric', 'scrape_failed')
  const unserializable = droppedOf('metric', 'unserializable')
  counter('read_total', { help: 'Read.' }).inc()
  const fail = async (): Promise<void> => {
    throw new Error('the neighbour is gone')
  }
  parts.refreshers.add(fail)
  start()
  await flushOtlp()
  expect(collector.received).toEqual([])
  expect(droppedOf('metric', 'scrape_failed') - before).toBe(1)
  expect(droppedOf('metric', 'unserializable')).toBe(unserializable)
  parts.refreshers.delete(fail)
  await flushOtlp()
  expect(metric('read_total')).toBeDefined()
})
