import { expect, test } from 'vitest'
import { holdTrace } from './verify.mjs'

const span = (spanId, parentSpanId, kind, name) => ({ spanId, parentSpanId, kind, name })
const trace = () => [
  span('6', '3', 'client', 'SELECT answers'),
  span('3', '2', 'internal', 'load_answers'),
  span('4', '2', 'internal', 'score_answers'),
  span('5', '2', 'internal', 'store_result'),
  span('2', '1', 'internal', 'retake'),
  span('1', '', 'server', 'POST /assessments/:id/retake'),
]

test('a trace of six spans, each below what it belongs to, is held', () => {
  expect(() => holdTrace(trace(), 'A')).not.toThrow()
})

test.each([
  ['a span is missing', (spans) => spans.slice(1), '0 spans of a request are client SELECT'],
  ['there is one more', (spans) => [...spans, span('7', '1', 'internal', 'other')], 'a request has 7 spans'],
  [
    'it is below another',
    (spans) => spans.with(0, span('6', '2', 'client', 'SELECT')),
    'SELECT is not below',
  ],
  [
    'the route is not known',
    (spans) => spans.with(5, span('1', '', 'server', 'POST')),
    '0 spans of a request are server',
  ],
])('where %s, it is not', (_what, change, message) => {
  expect(() => holdTrace(change(trace()), 'A')).toThrow(message)
})
