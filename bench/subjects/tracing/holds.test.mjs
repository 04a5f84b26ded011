import { expect, test } from 'vitest'
import { holdLines, holdShare, holdTrace, percent } from './holds.mjs'

const span = (spanId, parentSpanId, kind, name) => ({ spanId, parentSpanId, kind, name })
const trace = () => [
  span('6', '3', 'client', 'SELECT'),
  span('3', '2', 'internal', 'retake load_answers'),
  span('4', '2', 'internal', 'retake score_answers'),
  span('5', '2', 'internal', 'retake store_result'),
  span('2', '1', 'internal', 'retake'),
  span('1', '', 'server', 'POST /assessments/:id/retake'),
]

test('a trace of six spans, each below what it belongs to, is held', () => {
  expect(() => holdTrace(trace(), 'A')).not.toThrow()
})

test.each([
  ['a span is missing', (spans) => spans.slice(1)],
  ['there is one more', (spans) => [...spans, span('7', '1', 'internal', 'other')]],
  ['one is below another', (spans) => spans.with(0, span('6', '2', 'client', 'SELECT'))],
  ['one is of another kind', (spans) => spans.with(0, span('6', '3', 'internal', 'SELECT'))],
  ['the route is not known', (spans) => spans.with(5, span('1', '', 'server', 'POST'))],
])('where %s, it is not', (_what, change) => {
  expect(() => holdTrace(change(trace()), 'A')).toThrow('A: these are not the spans of a request')
})

const line = (trace_id, rest = {}) => ({ trace_id, request_id: `r_${trace_id}`, ...rest })
const lines = (trace) => [line(trace, { flow_id: 'f' }), line(trace, { flow_id: 'f' }), line(trace)]

test('three lines of each request are held', () => {
  expect(() => holdLines([...lines('1'), ...lines('2')], 2, 3, 'A')).not.toThrow()
  expect(() => holdLines([], 2, 0, 'A')).not.toThrow()
})

test.each([
  ['one is missing', (all) => all.slice(1), '5 lines of 2 requests'],
  [
    'one belongs to another request',
    (all) => all.with(0, line('2', { flow_id: 'f' })),
    'not the lines of a request',
  ],
  [
    'one has another request id',
    (all) => all.with(0, { ...all[0], request_id: 'x' }),
    'not the lines of a request',
  ],
  ['one has lost its flow', (all) => all.with(0, line('1')), 'not the lines of a request'],
])('where %s, they are not', (_what, change, message) => {
  expect(() => holdLines(change([...lines('1'), ...lines('2')]), 2, 3, 'A')).toThrow(message)
})

const of = (count, rest = {}) => ({ title: 'A', spans: 6, rate: 0.1, answered: 10_000, count, ...rest })

test('a tenth of the traces, all of each, is held', () => {
  expect(holdShare(of({ traces: 1010, sizes: { 6: 1010 } }))).toBe(0.101)
  expect(percent(0.101)).toBe('10.1 %')
})

test('chance may let the share stray, and no further', () => {
  // Five standard deviations of 10,000 are 1.5 percent.
  expect(holdShare(of({ traces: 1149, sizes: { 6: 1149 } }))).toBeCloseTo(0.1149)
  expect(() => holdShare(of({ traces: 849, sizes: { 6: 849 } }))).toThrow('A: 8.5 % of 10000 traces arrived')
  expect(() => holdShare(of({ traces: 1151, sizes: { 6: 1151 } }))).toThrow('not 10.0 %')
})

test('a trace that has lost a span is no whole one', () => {
  expect(() => holdShare(of({ traces: 1000, sizes: { 5: 2, 6: 998 } }))).toThrow('2 of 1000 traces')
})
