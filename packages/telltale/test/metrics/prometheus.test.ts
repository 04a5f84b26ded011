import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import {
  prometheusBinary,
  type RealPrometheus,
  startPrometheus,
} from '../../../../scripts/testing/prometheus.mjs'
import { counter, gauge, histogram } from '../../src/index.js'
import { accepts, type MetricsApp, startMetricsApp } from './app.js'
import { hostileHelp, hostileValues } from './known.js'
import { classicQuantile } from './quantile.js'

const buckets = [0.01, 0.05, 0.1, 0.5, 1, 5]

// In two steps, so that rates have a first and a last value that are known.
const before = { orders: 11, durations: [0.02, 0.3, 2, 0.004] }
const after = {
  orders: 31,
  durations: Array.from({ length: 400 }, (_, i) => 0.004 * 1.02 ** i),
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
  let prometheus: RealPrometheus
  const fronts: Record<string, { port: number; served: Set<string> }> = {}
  const windows: Record<string, Window> = {}

  const jobs: Job[] = [{ name: 'text', type: /^text\/plain; ?version=0\.0\.4/, by: () => prometheus }]

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
    prometheus = await startPrometheus({ config: configOf('text') })

    const orders = counter('judged_orders_total', {
      help: hostileHelp,
      labels: { state: ['paid', 'refused'] },
    })
    const duration = histogram('judged_duration_seconds', { help: 'Time it took.', buckets })
    const step = gauge('judged_step', { help: 'How far the test is.' })
    const hostile = gauge('judged_hostile', { help: 'Labels of all kinds.', labels: { text: String } })
    for (const [index, text] of hostileValues.entries()) hostile.set({ text }, index)
    const apply = ({ orders: count, durations }: typeof before): void => {
      orders.inc({ state: 'paid' }, count)
      for (const seconds of durations) {
        duration.observe(seconds)
      }
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
    await app.work()
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
    await prometheus?.stop()
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
    })

    test.each([0.01, 0.5, 0.9, 0.99])(
      'answers histogram_quantile(%d) over the classic histogram',
      async (q) => {
        expect(
          await ask(`histogram_quantile(${q}, sum by (le) (rate(judged_duration_seconds_bucket{#}[W])))`),
        ).toBeCloseTo(classicQuantile(q, buckets, after.durations), 9)
      },
    )
  })
})

/** Prometheus counts in whole ones. */
function millisecondsOf({ from, to }: Window): number {
  return Math.round((to - from) * 1000)
}

async function targetsOf(prometheus: RealPrometheus): Promise<string> {
  return JSON.stringify(await prometheus.ask('targets'))
}
