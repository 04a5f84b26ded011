import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import {
  prometheusBinary,
  type RealPrometheus,
  startPrometheus,
} from '../../../../scripts/testing/prometheus.mjs'
import { counter, gauge, histogram, summary } from '../../src/index.js'
import { accepts, type MetricsApp, startMetricsApp } from './app.js'
import { hostileHelp, hostileValues } from './known.js'
import { classicQuantile, nativeQuantile, trueQuantile } from './quantile.js'

const buckets = [0.01, 0.05, 0.1, 0.5, 1, 5]

// In two steps, so that rates have a first and a last value that are known.
const before = { orders: 11, durations: [0.02, 0.3, 2, 0.004], sizes: [10, 20] }
const after = {
  orders: 31,
  durations: Array.from({ length: 400 }, (_, i) => 0.004 * 1.02 ** i),
  sizes: [300, 5, 95],
}

interface Job {
  readonly name: string
  readonly type: RegExp
  /** The server that scrapes it. */
  readonly by: () => RealPrometheus
}

/** Seconds since the epoch. The sample at `from` has all of `before`, the one at `to` all of `after` too; both count. */
interface Window {
  readonly from: number
  readonly to: number
}

describeWithBinary(prometheusBinary, 'a real Prometheus', () => {
  let app: MetricsApp
  let withNative: RealPrometheus
  let without: RealPrometheus
  const fronts: Record<string, { port: number; served: Set<string> }> = {}
  const windows: Record<string, Window> = {}
  const began = Date.now() / 1000

  const jobs: Job[] = [
    { name: 'protobuf', type: /^application\/vnd\.google\.protobuf;/, by: () => withNative },
    { name: 'openmetrics', type: /^application\/openmetrics-text; ?version=1\.0\.0/, by: () => without },
    { name: 'text', type: /^text\/plain; ?version=0\.0\.4/, by: () => without },
  ]

  beforeAll(async () => {
    app = await startMetricsApp()
    for (const { name } of jobs) fronts[name] = await app.front(name === 'text' ? accepts.text : undefined)
    const configOf = (...names: string[]): object => ({
      global: { scrape_interval: '300ms', scrape_timeout: '300ms' },
      scrape_configs: names.map((name) => ({
        job_name: name,
        static_configs: [{ targets: [`127.0.0.1:${fronts[name]!.port}`] }],
      })),
    })
    ;[withNative, without] = await Promise.all([
      startPrometheus({ config: configOf('protobuf'), features: ['native-histograms', 'exemplar-storage'] }),
      startPrometheus({ config: configOf('openmetrics', 'text'), features: ['exemplar-storage'] }),
    ])

    const orders = counter('judged_orders_total', {
      help: hostileHelp,
      labels: { state: ['paid', 'refused'] },
    })
    const duration = histogram('judged_duration_seconds', { help: 'Time it took.', buckets })
    const native = histogram('judged_native_seconds', { help: 'Time it took.', native: true })
    const size = summary('judged_size_bytes', { help: 'What came.' })
    const step = gauge('judged_step', { help: 'How far the test is.' })
    const hostile = gauge('judged_hostile', { help: 'Labels of all kinds.', labels: { text: String } })
    for (const [index, text] of hostileValues.entries()) hostile.set({ text }, index)
    const apply = ({ orders: count, durations, sizes }: typeof before): void => {
      orders.inc({ state: 'paid' }, count)
      for (const seconds of durations) {
        duration.observe(seconds)
        native.observe(seconds)
      }
      for (const bytes of sizes) size.observe(bytes)
    }
    // The second sample of a step: a scrape may have begun before the step did.
    const scrapedTwice = async ({ name, by }: Job, wanted: number): Promise<number> => {
      const deadline = performance.now() + 30_000
      while (performance.now() < deadline) {
        const [series] = await by().samples(`judged_step{job="${name}"}`, '5m')
        const second = series?.values.filter(({ value }) => value === wanted)[1]
        if (second !== undefined) return second.time
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`${name}: step ${wanted} was not scraped twice within 30 s: ${await targetsOf(by())}`)
    }
    apply(before)
    step.set(1)
    const from = await Promise.all(jobs.map((job) => scrapedTwice(job, 1)))
    app.act = () => apply(after)
    await app.work(correlated)
    step.set(2)
    const to = await Promise.all(jobs.map((job) => scrapedTwice(job, 2)))
    for (const [index, { name }] of jobs.entries()) windows[name] = { from: from[index]!, to: to[index]! }
  })

  /** The one value of `expr` at the end of the job's window, in which `#` is the job's selector and `W` the window's range. */
  const answer = async (prometheus: RealPrometheus, job: string, expr: string): Promise<number> => {
    const window = windows[job]!
    const whole = expr.replaceAll('#', `job="${job}"`).replaceAll('[W]', `[${millisecondsOf(window)}ms]`)
    const found = await prometheus.query(whole, window.to)
    expect(found).toHaveLength(1)
    expect(found[0]!.value).toBeTypeOf('number')
    return found[0]!.value!
  }

  afterAll(async () => {
    await Promise.all([withNative?.stop(), without?.stop()])
    await app?.close()
  })

  describe.each(jobs)('from its scrapes of $name', ({ name, type, by }) => {
    const ask = (expr: string): Promise<number> => answer(by(), name, expr)
    const seconds = (): number => millisecondsOf(windows[name]!) / 1000

    test('was answered in that format each time', async () => {
      expect([...fronts[name]!.served]).toEqual([expect.stringMatching(type)])
      expect(await ask('up{#}')).toBe(1)
    })

    test('knows help and types', async () => {
      const metadata = (await by().ask('metadata')) as Record<string, { type: string; help: string }[]>
      // OpenMetrics names a counter's family without its suffix.
      const orders = metadata['judged_orders_total'] ?? metadata['judged_orders']
      expect(orders).toContainEqual(expect.objectContaining({ type: 'counter', help: hostileHelp }))
      expect(metadata['judged_duration_seconds']).toContainEqual(
        expect.objectContaining({ type: 'histogram', help: 'Time it took.' }),
      )
      expect(metadata['judged_size_bytes']).toContainEqual(expect.objectContaining({ type: 'summary' }))
    })

    test('gives label values back as they were', async () => {
      const found = await by().query(`judged_hostile{job="${name}"}`, windows[name]!.to)
      const byValue = found.map(({ labels, value }) => [value, labels['text'] ?? ''] as const)
      expect(new Map(byValue)).toEqual(new Map(hostileValues.map((text, index) => [index, text])))
    })

    test('answers rate', async () => {
      expect(await ask('rate(judged_orders_total{#,state="paid"}[W])')).toBeCloseTo(
        after.orders / seconds(),
        9,
      )
      expect(await ask('rate(judged_orders_total{#,state="refused"}[W])')).toBe(0)
      expect(
        await ask('rate(judged_size_bytes_sum{#}[W]) / rate(judged_size_bytes_count{#}[W])'),
      ).toBeCloseTo(400 / 3, 9)
      expect(await ask('judged_size_bytes_count{#}')).toBe(5)
    })

    test.each([0.01, 0.5, 0.9, 0.99])(
      'answers histogram_quantile(%d) over the classic histogram',
      async (q) => {
        expect(
          await ask(`histogram_quantile(${q}, sum by (le) (rate(judged_duration_seconds_bucket{#}[W])))`),
        ).toBeCloseTo(classicQuantile(q, buckets, after.durations), 9)
      },
    )

    test('has exemplars just where the format has them', async () => {
      const all = await Promise.all(
        ['judged_orders_total', 'judged_duration_seconds_bucket'].map((metric) =>
          by().queryExemplars(`${metric}{job="${name}"}`, began - 60, Date.now() / 1000 + 60),
        ),
      )
      const [ofOrders, ofBuckets] = all.map((found) => found.flatMap(({ exemplars }) => exemplars))
      if (name === 'text') return expect([ofOrders, ofBuckets]).toEqual([[], []])
      for (const { labels } of [...ofOrders!, ...ofBuckets!]) expect(labels).toEqual(correlation)
      expect(ofOrders!.map(({ value }) => value)).toEqual([after.orders])
      // The first value of the request in each bucket: those that follow within the second cost nothing.
      const bounds = [...buckets, Infinity]
      const bucketOf = (value: number): number => bounds.findIndex((bound) => value <= bound)
      expect(ofBuckets!.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual(
        bounds.map((_, index) => after.durations.find((value) => bucketOf(value) === index)),
      )
    })
  })

  describe('from its scrapes of protobuf, over the native histogram', () => {
    const ask = (expr: string): Promise<number> => answer(withNative, 'protobuf', expr)
    const seconds = (): number => millisecondsOf(windows['protobuf']!) / 1000

    test('answers rate, count and sum', async () => {
      const rate = 'rate(judged_native_seconds[W])'
      expect(await ask(`histogram_count(${rate})`)).toBeCloseTo(after.durations.length / seconds(), 9)
      expect(await ask(`histogram_sum(${rate})`)).toBeCloseTo(sum(after.durations) / seconds(), 9)
      expect(await ask('histogram_count(judged_native_seconds)')).toBe(404)
    })

    test.each([0.01, 0.25, 0.5, 0.9, 0.99])('answers histogram_quantile(%d)', async (q) => {
      const found = await ask(`histogram_quantile(${q}, rate(judged_native_seconds[W]))`)
      // A growth factor of 1.1 asks for schema 3: eight buckets a doubling.
      expect(found).toBeCloseTo(nativeQuantile(q, 3, after.durations), 9)
      expect(Math.abs(found / trueQuantile(q, after.durations) - 1)).toBeLessThan(0.1)
    })

    test('has exemplars', async () => {
      const found = await withNative.queryExemplars(
        'judged_native_seconds',
        began - 60,
        Date.now() / 1000 + 60,
      )
      const exemplars = found.flatMap((series) => series.exemplars)
      expect(exemplars.length).toBeGreaterThan(0)
      for (const { labels, value } of exemplars) {
        expect(labels).toEqual(correlation)
        expect(after.durations).toContain(value)
      }
    })
  })
})

const correlation = { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', request_id: 'req-judged-0001' }
const correlated = {
  'x-request-id': correlation.request_id,
  traceparent: `00-${correlation.trace_id}-00f067aa0ba902b7-01`,
}

/** Prometheus counts in whole ones. */
function millisecondsOf({ from, to }: Window): number {
  return Math.round((to - from) * 1000)
}

async function targetsOf(prometheus: RealPrometheus): Promise<string> {
  return JSON.stringify(await prometheus.ask('targets'))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
