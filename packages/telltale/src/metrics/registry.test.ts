import { beforeEach, expect, test, vi } from 'vitest'
import { counter } from './counter.js'
import { gauge } from './gauge.js'
import { histogram } from './histogram.js'
import { configureMetrics, resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'
import { summary } from './summary.js'

beforeEach(resetMetricsForTest)

test('a definition alike returns the same metric', () => {
  const define = () => counter('jobs_total', { help: 'Jobs.', labels: { kind: ['a', 'b'], area: String } })
  expect(define()).toBe(define())
  const wait = () => histogram('wait_seconds', { help: 'Wait.', buckets: [1, 2] })
  expect(wait()).toBe(wait())
})

test('two copies of the package make one system', async () => {
  const define = { help: 'Jobs.', labels: { area: String } } as const
  counter('jobs_total', define).inc({ area: 'math' })
  vi.resetModules()
  const copy = await import('./index.js')
  expect(copy.counter).not.toBe(counter)
  copy.counter('jobs_total', define).inc({ area: 'math' })
  copy.counter('more_total', { help: 'More.' })
  expect(renderMetrics()).toContain('jobs_total{area="math"} 2\n')
  expect(renderMetrics()).toContain('more_total 0\n')
  const { chunks } = await copy.renderMetrics()
  expect(Buffer.concat(chunks).toString()).toBe(renderMetrics())
})

test('a conflicting definition throws and shows both', () => {
  counter('jobs_total', { help: 'Jobs.', labels: { kind: ['a', 'b'], area: String } })
  expect(() => counter('jobs_total', { help: 'Jobs.', labels: { kind: ['a'] } })).toThrow(
    'The metric jobs_total is already defined differently.\n' +
      '  defined: counter("jobs_total", { help: "Jobs.", labels: { kind: ["a", "b"], area: String } })\n' +
      '  now:     counter("jobs_total", { help: "Jobs.", labels: { kind: ["a"] } })\n' +
      'Define a metric once and import it, or give one of the two another name.',
  )
})

test.each([
  ['another type', () => gauge('m', { help: 'M.' })],
  ['another help', () => histogram('m', { help: 'N.' })],
  ['other buckets', () => histogram('m', { help: 'M.', buckets: [1] })],
  ['other labels', () => histogram('m', { help: 'M.', labels: { a: String } })],
  ['another limit', () => histogram('m', { help: 'M.', maxSeries: 5 })],
  ['the name of one of its series', () => gauge('m_count', { help: 'M.' })],
])('%s is a conflict', (_, define) => {
  histogram('m', { help: 'M.' })
  expect(define).toThrow(/already defined|would write names of/)
})

test('a histogram whose series would be named like another metric is a conflict', () => {
  gauge('m_sum', { help: 'M.' })
  expect(() => histogram('m', { help: 'M.' })).toThrow('would write names of m_sum')
})

test.each([
  ['a counter', () => counter('m_total', { help: 'M.' })],
  ['a histogram', () => histogram('m', { help: 'M.' })],
  ['a summary', () => summary('m', { help: 'M.' })],
])('the name that OpenMetrics keeps for when %s began is a conflict, whichever is first', (_, define) => {
  const created = () => gauge('m_created', { help: 'M.' })
  define()
  expect(created).toThrow('would write names of m')
  resetMetricsForTest()
  created()
  expect(define).toThrow('would write names of m_created')
})

test('a counter has a name before _total', () => {
  expect(() => counter('_total', { help: 'T.' })).toThrow(
    'counter("_total"): OpenMetrics names a counter without',
  )
})

test('labels and their values are the same in any order', () => {
  const first = counter('c_total', { help: 'C.', labels: { a: String, b: ['x', 'y'] } })
  const again = counter('c_total', { help: 'C.', labels: { b: ['y', 'x'], a: String } })
  expect(again).toBe(first)
  again.inc({ b: 'y', a: '1' })
  expect(renderMetrics()).toContain('c_total{a="1",b="y"} 1\n')
  expect(() => counter('c_total', { help: 'C.', labels: { b: ['y', 'z'], a: String } })).toThrow(
    'already defined',
  )
})

test('Telltale’s own metric is taken', () => {
  expect(() => counter('telltale_dropped_total', { help: 'Mine.' })).toThrow('already defined')
})

test.each([
  ['', { help: 'H.' }, 'a metric name is letters, digits and _'],
  ['1st_total', { help: 'H.' }, 'a metric name is letters, digits and _'],
  ['a-b_total', { help: 'H.' }, 'a metric name is letters, digits and _'],
  ['job:rate_total', { help: 'H.' }, 'a metric name is letters, digits and _'],
  ['__a_total', { help: 'H.' }, 'reserved by Prometheus'],
  ['a_total', {}, 'help must say what is measured, in a sentence, got undefined.'],
  ['a_total', { help: ' ' }, 'help must say what is measured'],
  ['a_total', 'help', 'the second argument is an object'],
  ['a_total', { help: 'H.', labels: ['a'] }, 'labels is an object like'],
  ['a_total', { help: 'H.', labels: { 'a-b': String } }, 'label "a-b": a label name is'],
  ['a_total', { help: 'H.', labels: { __a: String } }, 'label "__a": names that begin with __'],
  ['a_total', { help: 'H.', labels: { a: Date } }, 'label "a" must be String, Number, Boolean or a list'],
  ['a_total', { help: 'H.', labels: { a: [] } }, 'label "a" must be String, Number, Boolean or a list'],
  ['a_total', { help: 'H.', labels: { a: ['x', 'x'] } }, 'label "a" lists a value twice: ["x", "x"].'],
  ['a_total', { help: 'H.', maxSeries: 0 }, 'maxSeries must be a whole number of at least 1, got 0.'],
])('counter(%j, %j) is refused', (name, options, message) => {
  expect(() => counter(name, options as never)).toThrow(message)
  expect(renderMetrics()).not.toContain('a_total')
})

test.each([
  [[]],
  [[1, 1]],
  [[2, 1]],
  [[NaN]],
  [[Infinity, 1]],
  [['1']],
  ['1,2'],
  [Array.from({ length: 257 }, (_, i) => i)],
])('histogram buckets %j are refused', (buckets) => {
  expect(() => histogram('h', { help: 'H.', buckets: buckets as never })).toThrow(
    'buckets must be 1 to 256 rising numbers',
  )
})

test('le is no label of a histogram', () => {
  expect(() => histogram('h', { help: 'H.', labels: { le: String } })).toThrow(
    'label "le" is the bucket bound',
  )
})

test('options that are refused leave the former ones in place', () => {
  const offended = 'counter legacyJobs: write it in snake_case'
  counter('legacyJobs', { help: 'Jobs.' })
  configureMetrics({ maxSeries: 1 })
  expect(() => configureMetrics({ maxSeries: 500, strict: true })).toThrow(offended)
  expect(() => configureMetrics({ maxSeries: -1, strict: false })).toThrow('metrics.maxSeries')
  expect(() => counter('otherJobs', { help: 'Jobs.' })).not.toThrow()
  const limited = counter('limited_total', { help: 'Limited.', labels: { kind: String } })
  limited.inc({ kind: 'a' })
  limited.inc({ kind: 'b' })
  expect(renderMetrics()).toContain('limited_total{kind="_overflow"} 1\n')
})

test('a name against the practice is an error where strict is on, before setup too', () => {
  counter('legacyJobs', { help: 'Jobs.' })
  expect(() => configureMetrics({ strict: true })).toThrow(
    'counter legacyJobs: write it in snake_case, legacy_jobs. (metrics.strict is on.)',
  )
  resetMetricsForTest()
  configureMetrics({ strict: true })
  expect(() => counter('jobs', { help: 'Jobs.' })).toThrow("a counter's name ends in _total, jobs_total")
})

test.each([[0], [-1], [1.5], ['5']])('configureMetrics({ maxSeries: %j }) is refused', (maxSeries) => {
  expect(() => configureMetrics({ maxSeries: maxSeries as never })).toThrow(
    'metrics.maxSeries must be a whole number of at least 1',
  )
})

test('metrics are written by name, whatever the order of their definition', () => {
  for (const name of ['b_total', 'c_total', 'a_total']) counter(name, { help: 'H.' })
  const names = [...renderMetrics().matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1])
  expect(names.slice(0, 3)).toEqual(['a_total', 'b_total', 'c_total'])
})

test('a counter and a gauge that OpenMetrics would give one name are a conflict', () => {
  counter('jobs_total', { help: 'Jobs.' })
  expect(() => gauge('jobs', { help: 'Jobs.' })).toThrow('would write names of jobs_total')
  gauge('depth', { help: 'Depth.' })
  expect(() => counter('depth_total', { help: 'Depth.' })).toThrow('gauge("depth"')
})
