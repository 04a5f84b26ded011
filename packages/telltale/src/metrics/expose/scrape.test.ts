import { gunzipSync } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import { counter } from '../counter.js'
import { define } from '../definition.js'
import { gauge } from '../gauge.js'
import { histogram } from '../histogram.js'
import { parts } from '../parts/parts.js'
import { seriesOf } from '../parts/series.js'
import { resetMetricsForTest } from '../registry.js'
import { Store } from '../store.js'
import { renderMetrics } from './scrape.js'

beforeEach(resetMetricsForTest)

const body = async (options?: Parameters<typeof renderMetrics>[0]): Promise<string> => {
  const { chunks, contentEncoding } = await renderMetrics(options)
  const bytes = Buffer.concat(chunks)
  return (contentEncoding === 'gzip' ? gunzipSync(bytes) : bytes).toString()
}

test('scrapes that ask for the same at once share one, gzipped or not', async () => {
  let calls = 0
  gauge('depth', { help: 'D.', collect: (g) => g.set(++calls) })
  const [a, b, zipped] = await Promise.all([
    renderMetrics(),
    renderMetrics(),
    renderMetrics({ acceptEncoding: 'gzip' }),
  ])
  expect(b.chunks).toBe(a.chunks)
  expect(gunzipSync(Buffer.concat(zipped.chunks))).toEqual(Buffer.concat(a.chunks))
  expect(calls).toBe(1)
  expect(await body()).toContain('\ndepth 2\n')
})

test('a scrape of many series lets the event loop turn, and its numbers belong together', async () => {
  const c = counter('jobs_total', { help: 'J.', labels: { id: Number }, maxSeries: 200_000 })
  for (let id = 0; id < 150_000; id++) c.inc({ id })
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns++
    c.inc({ id: 1_000_000 + turns })
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const text = await body()
  isOver = true
  expect(turns).toBeGreaterThan(1)
  expect(text.match(/^jobs_total\{id="\d{1,6}"\} 1$/gm)).toHaveLength(150_000)
})

const neighbour = define('counter', 'jobs_total', { help: 'J.', labels: { id: Number }, maxSeries: 200_000 })

test.each([
  ['a scrape', []],
  ['a scrape with what a thread told', [seriesOf(neighbour, new Store(1))]],
])('%s has no series twice, though some are taken out and come back meanwhile', async (_, sources) => {
  parts.live.set('thread', { sources: () => sources })
  const c = counter('jobs_total', { help: 'J.', labels: { id: Number }, maxSeries: 200_000 })
  for (let id = 0; id < 100_000; id++) c.inc({ id })
  let turns = 0
  let isOver = false
  const turn = (): void => {
    // The first, written already, comes to where the other was, which is still to be written.
    const ids = [turns, 99_999 - turns]
    for (const id of ids) c.remove({ id })
    for (const id of ids) c.inc({ id })
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const lines = (await body()).match(/^jobs_total.*$/gm)!
  isOver = true
  expect(turns).toBeGreaterThan(1)
  expect(lines.filter((line) => !line.endsWith(' 1'))).toEqual([])
  expect(lines).toHaveLength(new Set(lines).size)
  await new Promise(setImmediate)
  expect(new Set((await body()).match(/^jobs_total.* 1$/gm)).size).toBe(100_000)
})

test('names ask for these alone, and only they are collected', async () => {
  let calls = 0
  gauge('asked', { help: 'A.', collect: (g) => g.set(1) })
  gauge('other', { help: 'O.', collect: () => void calls++ })
  expect(await body({ names: ['asked', 'unknown', 'asked'] })).toBe(
    '# HELP asked A.\n# TYPE asked gauge\nasked 1\n',
  )
  expect(calls).toBe(0)
  expect(await body({ names: ['unknown'], accept: 'application/openmetrics-text' })).toBe('# EOF\n')
})

test.each([
  [{ accept: 5 }, 'renderMetrics(): accept is the text of an Accept header, got 5.'],
  [
    { acceptEncoding: {} },
    'renderMetrics(): acceptEncoding is the text of an Accept-Encoding header, got an object.',
  ],
  [{ names: 'a' }, 'renderMetrics(): names is a list of metrics\' names, got "a".'],
  [{ timeoutMs: NaN }, 'renderMetrics(): timeoutMs is a number of milliseconds above 0, got NaN.'],
  [
    { name: ['a'] },
    'renderMetrics(): name is not an option; there are accept, acceptEncoding, names, timeoutMs.',
  ],
  [null, 'renderMetrics() takes an object like { accept }, got null.'],
])('renderMetrics(%j) is one clear error', async (options, text) => {
  await expect(renderMetrics(options as never)).rejects.toThrow(new TypeError(text))
})

test('a header that is not there may be null, as fetch has it', async () => {
  expect(await body({ accept: null, acceptEncoding: null })).toBe(await body())
})

test('names may be those of samples, and of a counter as OpenMetrics has it', async () => {
  histogram('wait_seconds', { help: 'W.', buckets: [1] })
  counter('jobs_total', { help: 'J.' })
  gauge('wait', { help: 'W.' }).set(1)
  const families = async (...names: string[]) =>
    [...(await body({ names })).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
  expect(await families('wait_seconds_bucket')).toEqual(['wait_seconds'])
  expect(await families('jobs', 'wait')).toEqual(['jobs_total', 'wait'])
})

test('a total that is none leaves a counter as it was, and shows no 0 that nobody told', async () => {
  let hits = NaN
  const c = counter('hits_total', { help: 'H.', collect: (c) => c.total(hits) })
  const labels = { cache: ['a', 'b'] } as const
  counter('reads_total', { help: 'R.', labels, collect: (c) => c.total({ cache: 'a' }, hits) })
  const samples = async () => (await body()).match(/^(hits|reads)_total.*$/gm)
  expect(await samples()).toEqual(['reads_total{cache="b"} 0'])
  c.inc(2)
  expect(await samples()).toEqual(['hits_total 2', 'reads_total{cache="b"} 0'])
  hits = 3
  const told = ['hits_total 3', 'reads_total{cache="a"} 3', 'reads_total{cache="b"} 0']
  expect(await samples()).toEqual(told)
  hits = -1
  expect(await samples()).toEqual(told)
})

test('a counter takes totals from what counts already', async () => {
  let hits = 3
  counter('hits_total', {
    help: 'H.',
    labels: { cache: String },
    collect: (c) => c.total({ cache: 'a' }, hits),
  })
  expect(await body()).toContain('hits_total{cache="a"} 3\n')
  hits = 2
  expect(await body()).toContain('hits_total{cache="a"} 2\n')
})
