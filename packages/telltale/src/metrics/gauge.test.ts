import { beforeEach, expect, test } from 'vitest'
import { droppedCounts } from '../self/dropped.js'
import { slot } from '../state/state.js'
import { counter } from './counter.js'
import { gauge } from './gauge.js'
import { resetMetricsForTest } from './registry.js'
import { renderMetrics as expose } from './expose/scrape.js'
import { renderMetrics } from './rendered.fixture.js'

beforeEach(resetMetricsForTest)

test('a gauge exists once it has been set', () => {
  const g = gauge('open_connections', { help: 'Open connections.' })
  const pools = gauge('pool_connections', { help: 'By pool.', labels: { pool: ['a', 'b'] } })
  pools.with({ pool: 'b' })
  expect(renderMetrics()).not.toContain('_connections')
  g.set(0)
  pools.inc({ pool: 'a' })
  expect(lines()).toEqual(['open_connections 0', 'pool_connections{pool="a"} 1'])
})

test('a gauge goes up and down', () => {
  const g = gauge('open_connections', { help: 'Open connections.', labels: { pool: String } })
  const a = g.with({ pool: 'a' })
  a.inc()
  a.inc(4)
  g.dec({ pool: 'a' }, 2)
  g.dec({ pool: 'b' })
  g.set({ pool: 'c' }, 1.5)
  expect(lines()).toEqual([
    'open_connections{pool="a"} 3',
    'open_connections{pool="b"} -1',
    'open_connections{pool="c"} 1.5',
  ])
})

test.each([[NaN], [Infinity], [-Infinity], ['1'], [null], [1n], [{ n: 1 }]])(
  '%s is refused and counted',
  (value) => {
    const g = gauge('g', { help: 'G.' })
    g.set(7)
    const before = dropped('invalid_value')
    g.set(value as never)
    g.inc(value as never)
    g.dec(value as never)
    expect(dropped('invalid_value')).toBe(before + 3)
    expect(lines()).toEqual(['g 7'])
  },
)

test('collect sets the gauge at each scrape', () => {
  let jobs = 1
  gauge('queue_jobs', {
    help: 'Jobs.',
    labels: { queue: String },
    collect: (g) => g.set({ queue: 'q' }, jobs),
  })
  expect(lines()).toEqual(['queue_jobs{queue="q"} 1'])
  jobs = 2
  expect(lines()).toEqual(['queue_jobs{queue="q"} 2'])
})

test('each definition alike adds its collect function', () => {
  const define = (queue: string, jobs: number): unknown =>
    gauge('queue_jobs', { help: 'Jobs.', labels: { queue: String }, collect: (g) => g.set({ queue }, jobs) })
  expect(define('a', 1)).toBe(define('b', 2))
  expect(lines()).toEqual(['queue_jobs{queue="a"} 1', 'queue_jobs{queue="b"} 2'])
})

test('a collect function that throws spoils its own metric only, and is counted in the same scrape', () => {
  const g = gauge('broken', {
    help: 'B.',
    collect: () => {
      throw new Error('no connection')
    },
  })
  g.set(1)
  counter('fine_total', { help: 'F.' }).inc()
  const before = dropped('collect_failed')
  const text = renderMetrics()
  expect(text).not.toContain('broken')
  expect(text).toContain('fine_total 1\n')
  expect(text).toContain(`telltale_dropped_total{signal="metric",reason="collect_failed"} ${before + 1}\n`)
})

const scrape = async () => Buffer.concat((await expose()).chunks).toString()

test('an asynchronous collect function is waited for', async () => {
  gauge('late', {
    help: 'L.',
    collect: async (g) => {
      await new Promise(setImmediate)
      g.set(7)
    },
  })
  expect(await scrape()).toContain('\nlate 7\n')
})

test('any thenable is waited for, and one that rejects spoils its gauge', async () => {
  const thenable = (then: (done: () => void, fail: (why: unknown) => void) => void): Promise<void> =>
    // oxlint-disable-next-line unicorn/no-thenable -- what query builders are
    ({ then }) as unknown as Promise<void>
  gauge('late', {
    help: 'L.',
    collect: (g) => thenable((done) => setImmediate(() => (g.set(7), done()))),
  })
  gauge('broken', { help: 'B.', collect: () => thenable((_, fail) => fail(new Error('no'))) }).set(1)
  const text = await scrape()
  expect(text).toContain('\nlate 7\n')
  expect(text).not.toContain('broken')
})

test('one that rejects leaves its gauge alone out, and its rejection is nobody else’s', async () => {
  gauge('broken_late', { help: 'L.', collect: async () => Promise.reject(new Error('later')) }).set(1)
  counter('fine_total', { help: 'F.' })
  const before = dropped('collect_failed')
  const text = await scrape()
  expect(text).not.toContain('broken_late')
  expect(text).toContain('fine_total 0\n')
  expect(dropped('collect_failed')).toBe(before + 1)
})

test('one that takes too long is not called beside itself, and counted at each scrape', async () => {
  let calls = 0
  let answer: (value?: unknown) => void = () => undefined
  gauge('stuck', {
    help: 'S.',
    timeoutMs: 5,
    collect: (g) => {
      calls++
      return new Promise((resolve) => (answer = resolve)).then(() => g.set(3))
    },
  })
  const before = dropped('collect_failed')
  expect(await scrape()).not.toContain('stuck')
  expect(await scrape()).not.toContain('stuck')
  expect(dropped('collect_failed')).toBe(before + 2)
  expect(calls).toBe(1)
  const next = scrape()
  answer()
  expect(await next).toContain('\nstuck 3\n')
})

test('a collect function that waits for a scrape is timed out, one that only asks for it is not', async () => {
  gauge('waits', { help: 'W.', timeoutMs: 5, collect: async () => void (await scrape()) }).set(1)
  gauge('asks', { help: 'A.', collect: () => void scrape() }).set(1)
  const text = await scrape()
  expect(text).not.toContain('waits')
  expect(text).toContain('\nasks 1\n')
})

test('track is one more until what it runs has settled, whatever comes of it', async () => {
  const g = gauge('jobs_in_progress', { help: 'J.', labels: { kind: String } })
  const now = (): number => Number(/jobs_in_progress\{kind="a"\} (\S+)/.exec(renderMetrics())?.[1])
  expect(g.track({ kind: 'a' }, () => now())).toBe(1)
  const failing = g.track({ kind: 'a' }, async () => Promise.reject(new Error('no')))
  expect(now()).toBe(1)
  await expect(failing).rejects.toThrow('no')
  expect(now()).toBe(0)
  expect(() =>
    g.with({ kind: 'a' }).track(() => {
      throw new Error('at once')
    }),
  ).toThrow('at once')
  expect(now()).toBe(0)
})

test('a result whose then cannot be read is given back, and is no longer in progress', () => {
  const g = gauge('jobs_in_progress', { help: 'J.' })
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(g.track(() => proxy) === proxy).toBe(true)
  expect(lines()).toEqual(['jobs_in_progress 0'])
})

test('a collect function that holds the thread up beyond its timeout is counted, and its gauge shown', () => {
  gauge('held', {
    help: 'H.',
    timeoutMs: 1,
    collect: (g) => {
      const begun = performance.now()
      while (performance.now() - begun < 2);
      g.set(3)
    },
  })
  const before = dropped('collect_slow')
  expect(lines()).toEqual(['held 3'])
  expect(dropped('collect_slow')).toBe(before + 1)
})

test('a collect function that returns its number in place of setting it is told once', async () => {
  gauge('returned', { help: 'R.', collect: (() => 5) as never })
  gauge('returned_late', { help: 'R.', collect: (async () => 5) as never })
  counter('told_total', { help: 'R.', collect: (() => 5) as never })
  gauge('set_and_returned', {
    help: 'S.',
    collect: ((g: { set(n: number): void }) => (g.set(5), 5)) as never,
  })
  await expose()
  const said = slot('said', () => new Set<string>())
  expect([...said].filter((id) => id.endsWith(':collect_returned')).toSorted()).toEqual([
    'metric:returned:collect_returned',
    'metric:returned_late:collect_returned',
    'metric:told_total:collect_returned',
  ])
})

test('collect must be a function', () => {
  expect(() => gauge('g', { help: 'G.', collect: 5 as never })).toThrow(
    'gauge("g"): collect must be a function that sets the gauge, got 5.',
  )
})

function lines(): string[] {
  return renderMetrics()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('telltale_'))
}

function dropped(reason: string): number {
  return [...droppedCounts()].find((d) => d.signal === 'metric' && d.reason === reason)?.count ?? 0
}
