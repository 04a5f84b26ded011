import { expect, test } from 'vitest'
import { ExpositionError, readExposition } from './exposition.js'

const text = `# HELP submissions_total Submissions, by \\\\ and\\nline.
# TYPE submissions_total counter
submissions_total{skill_area="a \\"b\\" {x} , =",status="ok"} 1
submissions_total{skill_area="m",status="ok",} 1.5e3 1395066363000
# TYPE render_seconds histogram
render_seconds_bucket{kind="pdf",le="0.1"} 0
render_seconds_bucket{kind="pdf",le="+Inf"} 1
render_seconds_sum{kind="pdf"} 0.2
render_seconds_count{kind="pdf"} 1
# TYPE jobs gauge
jobs -Inf
# a comment
# TYPE score summary
score{area="m",quantile="0.5"} NaN
score_sum{area="m"} 3
score_count{area="m"} 2
# TYPE idle_total counter
left_over 3
`

const openMetrics = `# TYPE submissions counter
# UNIT submissions
# HELP submissions Submissions.
submissions_total{status="ok"} 1.0 # {trace_id="0af7"} 1.0 1520879607.789
submissions_created{status="ok"} 1.5e9
# TYPE build info
build_info{commit="abc"} 1
# TYPE wait_seconds histogram
wait_seconds_bucket{le="+Inf"} 3 # {trace_id="a b} c"} 0.5
wait_seconds_sum 1.5
wait_seconds_count 3
# EOF
`

test('reads types, help and label names of the text format', () => {
  const metrics = readExposition(text)
  expect(metrics.map(({ type, name, labels }) => ({ type, name, labels }))).toEqual([
    { type: 'counter', name: 'submissions_total', labels: ['skill_area', 'status'] },
    { type: 'histogram', name: 'render_seconds', labels: ['kind'] },
    { type: 'gauge', name: 'jobs', labels: [] },
    { type: 'summary', name: 'score', labels: ['area'] },
    { type: 'counter', name: 'idle_total', labels: undefined },
    { type: 'gauge', name: 'left_over', labels: [] },
  ])
  expect(metrics[0]?.help).toBe('Submissions, by \\ and\nline.')
  expect(metrics[1]).toMatchObject({ isClassic: true, isNative: false })
})

test('reads OpenMetrics, whose types name a counter without its suffix', () => {
  expect(readExposition(openMetrics)).toMatchObject([
    { type: 'counter', name: 'submissions_total', help: 'Submissions.', labels: ['status'] },
    { type: 'gauge', name: 'build_info', labels: ['commit'] },
    { type: 'histogram', name: 'wait_seconds', labels: [] },
  ])
})

test('a counter is called as its samples are, with _total or without', () => {
  const counters = (given: string) =>
    readExposition(given)
      .filter(({ type }) => type === 'counter')
      .map(({ name }) => name)
  expect(counters('# TYPE sent counter\nsent 1\n# TYPE got_total counter\ngot_total 1\n')).toEqual([
    'sent',
    'got_total',
  ])
  expect(counters('# TYPE sent counter\n# TYPE got_total counter\n')).toEqual(['sent', 'got_total'])
  expect(counters('# TYPE sent counter\nsent_total 1\n# TYPE got counter\n# EOF\n')).toEqual([
    'sent_total',
    'got_total',
  ])
})

test('what has no type is taken for a gauge, and known to be', () => {
  expect(
    readExposition('# TYPE sent unknown\nsent 1\nleft_over 3\n# TYPE jobs gauge\njobs 1\n# EOF\n'),
  ).toEqual([
    expect.objectContaining({ type: 'gauge', name: 'sent', isUntyped: true }),
    expect.objectContaining({ type: 'gauge', name: 'left_over', isUntyped: true }),
    expect.not.objectContaining({ isUntyped: true }),
  ])
})

test('a histogram that shows no bound but +Inf keeps its buckets for the native format', () => {
  expect(readExposition(openMetrics).at(-1)).toMatchObject({ isClassic: false, isNative: true })
})

test('lines may end as on Windows', () => {
  expect(readExposition(text.replaceAll('\n', '\r\n'))).toEqual(readExposition(text))
})

test.each([
  ['<!doctype html>', 1],
  ['{"status":"ok"}', 1],
  ['a 1\nb{c="d} 1', 2],
  ['a 1\nb{c=d} 1', 2],
  ['a 1\n\nb', 3],
  ['b one', 1],
  ['b{c="d"}', 1],
  ['b{c="d"} 1x', 1],
  ['1b 1', 1],
])('%j is refused with its line', (given, line) => {
  expect(() => readExposition(given)).toThrow(ExpositionError)
  expect(() => readExposition(given)).toThrow(`line ${line} is no metric`)
})

test('what is shown of a foreign line controls no terminal and is short', () => {
  expect(() => readExposition(`\x1b[2J${'x'.repeat(500)}`)).toThrow(/^.{20,120}$/)
  expect(() => readExposition('\x1b[2J')).not.toThrow('\x1b')
})

test('an empty text holds nothing', () => {
  expect(readExposition('\n# EOF\n')).toEqual([])
})
