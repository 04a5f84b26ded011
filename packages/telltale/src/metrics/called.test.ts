import { beforeEach, expect, test } from 'vitest'
import { counter } from './counter.js'
import { gauge } from './gauge.js'
import { histogram } from './histogram.js'
import { resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'
import { summary } from './summary.js'

beforeEach(resetMetricsForTest)

/** As JavaScript may call it. */
type Loose = Record<string, (...args: unknown[]) => unknown>
const loose = (metric: object): Loose => metric as Loose

const samples = (): string[] =>
  renderMetrics().match(/^(?!telltale_)\w+_(total|things|count)(\{.*\})? \S+$/gm) ?? []

test('a metric without labels takes empty ones before the value', () => {
  const jobs = loose(counter('jobs_total', { help: 'J.' }))
  jobs['inc']!({}, 2)
  jobs['inc']!({})
  jobs['inc']!(Object.create(null), 1)
  const things = loose(gauge('some_things', { help: 'T.' }))
  things['set']!({}, 5)
  things['inc']!({}, 2)
  things['dec']!({}, 1)
  expect(things['track']!({}, () => 'done')).toBe('done')
  const wait = loose(histogram('wait_seconds', { help: 'W.', buckets: [1] }))
  wait['observe']!({}, 1)
  expect(wait['time']!({}, () => 'done')).toBe('done')
  loose(summary('sent_bytes', { help: 'S.' }))['observe']!({}, 1)
  expect(samples()).toEqual(['jobs_total 4', 'sent_bytes_count 1', 'some_things 6', 'wait_seconds_count 2'])
})

const unreadable = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('no keys')
    },
  },
)

test.each([[{ kind: 'a' }], [[]], [new Date(0)], [null], [unreadable]])(
  'and refuses other things, case %#',
  (labels) => {
    loose(counter('jobs_total', { help: 'J.' }))['inc']!(labels, 2)
    loose(gauge('some_things', { help: 'T.' }))['set']!(labels, 2)
    loose(histogram('wait_seconds', { help: 'W.', buckets: [1] }))['observe']!(labels, 2)
    expect(samples()).toEqual(['jobs_total 0', 'wait_seconds_count 0'])
  },
)

test('a timer takes labels at its start, at its end, and those of its end before those of its start', () => {
  const labels = { kind: ['pdf', 'csv'], area: String } as const
  const render = histogram('render_seconds', { help: 'R.', labels, buckets: [1] })
  render.startTimer({ kind: 'pdf', area: 'a' })()
  render.startTimer({ kind: 'pdf' })({ area: 'b' })
  render.startTimer({ kind: 'pdf', area: 'c' })({ kind: 'csv' })
  render.startTimer()({ kind: 'csv', area: 'd' })
  expect(samples().filter((line) => line.endsWith(' 1'))).toEqual([
    'render_seconds_count{kind="pdf",area="a"} 1',
    'render_seconds_count{kind="pdf",area="b"} 1',
    'render_seconds_count{kind="csv",area="c"} 1',
    'render_seconds_count{kind="csv",area="d"} 1',
  ])
})

test('a timer never throws for its labels', () => {
  const render = histogram('render_seconds', { help: 'R.', labels: { kind: String }, buckets: [1] })
  const unkind = {
    get kind(): string {
      throw new Error('none')
    },
  }
  for (const first of [unkind, unreadable, 5, null]) {
    for (const last of [undefined, unkind, unreadable, 5, null]) {
      const end = loose(render)['startTimer']!(first) as (labels: unknown) => number
      expect(end(last)).toBeGreaterThanOrEqual(0)
    }
  }
  expect(samples()).toEqual([])
})

test('time and track without a function are one clear error, and measure nothing', () => {
  const plain = loose(histogram('wait_seconds', { help: 'W.', buckets: [1] }))
  const render = loose(histogram('render_seconds', { help: 'R.', labels: { kind: String }, buckets: [1] }))
  const things = loose(gauge('some_things', { help: 'T.' }))
  const said = (call: () => unknown) => {
    try {
      return call()
    } catch (error) {
      return String(error)
    }
  }
  expect(said(() => plain['time']!())).toBe(
    'TypeError: histogram wait_seconds: time(fn) takes a function to run, got undefined for it.',
  )
  expect(said(() => render['time']!(() => 1))).toBe(
    'TypeError: histogram render_seconds: time({ kind }, fn) takes a function to run, got undefined for it.',
  )
  expect(said(() => loose(render['with']!({ kind: 'a' }) as object)['time']!(5))).toBe(
    'TypeError: histogram render_seconds: time(fn) takes a function to run, got 5 for it.',
  )
  expect(said(() => things['track']!({}, 'x'))).toBe(
    'TypeError: gauge some_things: track(fn) takes a function to run, got "x" for it.',
  )
  expect(said(() => loose(things['with']!() as object)['track']!())).toMatch(
    /^TypeError: gauge some_things: track\(fn\)/,
  )
  expect(samples()).toEqual(['render_seconds_count{kind="a"} 0', 'wait_seconds_count 0'])
})
