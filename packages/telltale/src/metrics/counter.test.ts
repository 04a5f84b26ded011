import { beforeEach, expect, test } from 'vitest'
import { droppedCounts } from '../self/dropped.js'
import { counter } from './counter.js'
import { configureMetrics, resetMetricsForTest } from './registry.js'
import { renderMetrics } from './rendered.fixture.js'

beforeEach(resetMetricsForTest)

test('a counter without labels stands at 0 from the start and counts', () => {
  const starts = counter('starts_total', { help: 'Starts.' })
  expect(valueOf('starts_total')).toBe(0)
  starts.inc()
  starts.inc(2.5)
  starts.with().inc()
  expect(valueOf('starts_total')).toBe(4.5)
})

test('all enumerated combinations stand at 0 from the start', () => {
  counter('jobs_total', { help: 'Jobs.', labels: { kind: ['a', 'b'], outcome: ['ok', 'failed'] } })
  expect(lines('jobs_total')).toEqual([
    'jobs_total{kind="a",outcome="ok"} 0',
    'jobs_total{kind="a",outcome="failed"} 0',
    'jobs_total{kind="b",outcome="ok"} 0',
    'jobs_total{kind="b",outcome="failed"} 0',
  ])
})

test('the first sight of a free value starts all its enumerated series', () => {
  const jobs = counter('jobs_total', { help: 'Jobs.', labels: { area: String, outcome: ['ok', 'failed'] } })
  expect(lines('jobs_total')).toEqual([])
  jobs.inc({ area: 'math', outcome: 'failed' })
  expect(lines('jobs_total').toSorted()).toEqual([
    'jobs_total{area="math",outcome="failed"} 1',
    'jobs_total{area="math",outcome="ok"} 0',
  ])
})

test('more than 64 enumerated combinations start when used', () => {
  const many = Array.from({ length: 65 }, (_, i) => `v${i}`)
  const jobs = counter('jobs_total', { help: 'Jobs.', labels: { kind: many } })
  expect(lines('jobs_total')).toEqual([])
  jobs.inc({ kind: 'v64' })
  expect(lines('jobs_total')).toEqual(['jobs_total{kind="v64"} 1'])
})

test('a number, a boolean and their text are one series', () => {
  const c = counter('c_total', { help: 'C.', labels: { status: Number, cached: Boolean } })
  c.inc({ status: 200, cached: true })
  c.inc({ status: '200', cached: 'true' } as never)
  c.with({ cached: true, status: 200 }).inc()
  expect(lines('c_total')).toEqual(['c_total{status="200",cached="true"} 3'])
})

test('the order of the labels given and later changes to the object do not matter', () => {
  const c = counter('c_total', { help: 'C.', labels: { a: String, b: String } })
  const labels = { b: '2', a: '1' }
  c.inc(labels)
  const bound = c.with(labels)
  labels.a = 'changed'
  bound.inc()
  c.inc({ a: '1', b: '2' })
  c.inc(labels)
  expect(lines('c_total')).toEqual(['c_total{a="1",b="2"} 3', 'c_total{a="changed",b="2"} 1'])
})

test.each([[NaN], [Infinity], [-1], ['1'], [null], [1n], [{ n: 1 }], [Symbol('n')]])(
  'inc(%s) is refused and counted',
  (n) => {
    const c = counter('c_total', { help: 'C.' })
    const before = droppedBy('invalid_value')
    c.inc(n as never)
    c.with().inc(n as never)
    expect(droppedBy('invalid_value')).toBe(before + 2)
    expect(valueOf('c_total')).toBe(0)
  },
)

test('a counter never reaches infinity', () => {
  const c = counter('c_total', { help: 'C.' })
  c.inc(Number.MAX_VALUE)
  c.inc(Number.MAX_VALUE)
  expect(valueOf('c_total')).toBe(Number.MAX_VALUE)
})

const throwing = {
  get area(): string {
    throw new Error('no')
  },
  kind: 'x',
}
test.each([
  [undefined],
  [null],
  ['math'],
  [5],
  [{}],
  [['math', 'x']],
  [{ area: 'math' }],
  [{ area: 'math', kind: 'z' }],
  [{ area: 'math', kind: 'x', more: '1' }],
  [{ area: undefined, kind: 'x' }],
  [{ area: null, kind: 'x' }],
  [{ area: NaN, kind: 'x' }],
  [{ area: {}, kind: 'x' }],
  [{ area: Symbol('s'), kind: 'x' }],
  [Object.create({ area: 'math' })],
  [throwing],
])('labels that are not as defined are refused and counted (%#)', (labels) => {
  const c = counter('c_total', { help: 'C.', labels: { area: String, kind: ['x', 'y'] } })
  c.inc({ area: 'math', kind: 'x' })
  const before = droppedBy('invalid_labels')
  c.inc(labels as never)
  c.with(labels as never).inc()
  expect(droppedBy('invalid_labels')).toBe(before + 2)
  expect(lines('c_total')).toEqual(['c_total{area="math",kind="x"} 1', 'c_total{area="math",kind="y"} 0'])
})

test('an enumerable property on Object.prototype refuses nothing', () => {
  const c = counter('c_total', { help: 'C.', labels: { a: String } })
  Object.defineProperty(Object.prototype, 'polluted', { value: 'x', enumerable: true, configurable: true })
  try {
    c.inc({ a: '1' })
    c.inc({ a: '1' })
  } finally {
    delete (Object.prototype as { polluted?: string }).polluted
  }
  expect(lines('c_total')).toEqual(['c_total{a="1"} 2'])
})

test('label names that objects have of their own are ordinary labels', () => {
  const c = counter('c_total', { help: 'C.', labels: { constructor: String, toString: String } })
  c.inc({ constructor: 'a', toString: 'b' })
  c.inc({ toString: 'b' } as never)
  expect(lines('c_total')).toEqual(['c_total{constructor="a",toString="b"} 1'])
})

test('beyond the limit one overflow series takes the rest', () => {
  configureMetrics({ maxSeries: 2 })
  const c = counter('c_total', { help: 'C.', labels: { a: String, b: String } })
  const before = droppedBy('series_limit')
  for (const a of ['1', '2', '3', '4', '1']) c.inc({ a, b: 'x' })
  c.inc({ a: '_overflow', b: '_overflow' })
  expect(lines('c_total')).toEqual([
    'c_total{a="1",b="x"} 2',
    'c_total{a="2",b="x"} 1',
    'c_total{a="_overflow",b="_overflow"} 3',
  ])
  expect(droppedBy('series_limit')).toBe(before + 2)
})

test('a metric can have a limit of its own', () => {
  configureMetrics({ maxSeries: 1 })
  const c = counter('c_total', { help: 'C.', labels: { a: Number }, maxSeries: 3 })
  for (let a = 0; a < 5; a++) c.inc({ a })
  expect(lines('c_total')).toHaveLength(4)
})

test('a label set that is all _overflow is the overflow series, whichever came first', () => {
  configureMetrics({ maxSeries: 1 })
  const c = counter('c_total', { help: 'C.', labels: { a: String, kind: ['k', '_overflow'] } })
  c.inc({ a: '_overflow', kind: 'k' })
  c.inc({ a: '_overflow', kind: '_overflow' })
  c.inc({ a: 'beyond', kind: 'k' })
  expect(lines('c_total')).toEqual([
    'c_total{a="_overflow",kind="k"} 1',
    'c_total{a="_overflow",kind="_overflow"} 2',
  ])
})

test('secrets in label values are not written, and what is written alike is one series', () => {
  const c = counter('c_total', { help: 'C.', labels: { path: String } })
  c.inc({ path: '/in?token=canary-one-1234567890' })
  c.inc({ path: '/in?token=canary-two-1234567890' })
  c.inc({ path: '/in?token=canary-one-1234567890' })
  expect(renderMetrics()).not.toContain('canary')
  expect(lines('c_total')).toHaveLength(1)
  expect(valueOf('c_total')).toBe(3)
})

test('a label whose name is secret has no value', () => {
  const c = counter('c_total', { help: 'C.', labels: { api_key: String } })
  c.inc({ api_key: 'canary1' })
  c.inc({ api_key: 'canary2' })
  expect(lines('c_total')).toEqual(['c_total{api_key="[REDACTED]"} 2'])
})

test('a secret that begins before the cut is screened whole', () => {
  const c = counter('c_total', { help: 'C.', labels: { text: String } })
  c.inc({ text: `${'x'.repeat(240)} Bearer canary${'a1B2'.repeat(40)}` })
  expect(renderMetrics()).not.toContain('canary')
})

test('long values are cut at 256 characters and marked', () => {
  const c = counter('c_total', { help: 'C.', labels: { text: String } })
  c.inc({ text: 'x'.repeat(1e6) })
  c.inc({ text: 'x'.repeat(256) })
  expect(lines('c_total')).toEqual([
    `c_total{text="${'x'.repeat(255)}…"} 1`,
    `c_total{text="${'x'.repeat(256)}"} 1`,
  ])
})

function lines(name: string): string[] {
  return renderMetrics()
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
}

function valueOf(name: string): number | undefined {
  const line = lines(name)[0]
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')))
}

function droppedBy(reason: string): number {
  return [...droppedCounts()].find((d) => d.signal === 'metric' && d.reason === reason)?.count ?? 0
}
