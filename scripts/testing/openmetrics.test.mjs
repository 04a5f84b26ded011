import { expect, test } from 'vitest'
import { requireBinary } from './binaries.mjs'
import { lintMetrics, openMetricsParser, parseOpenMetrics } from './openmetrics.mjs'
import { promtoolBinary } from './prometheus.mjs'

test('OpenMetrics text comes back as data', () => {
  requireBinary(openMetricsParser)
  const text = [
    '# HELP a_seconds Says \\"a\\\\b\\".',
    '# TYPE a_seconds histogram',
    '# UNIT a_seconds seconds',
    'a_seconds_bucket{b="\\"\\n\\\\\r",le="1.0"} 1 # {trace_id="t"} 0.5 1700000000.25',
    'a_seconds_bucket{b="\\"\\n\\\\\r",le="+Inf"} 2',
    'a_seconds_count{b="\\"\\n\\\\\r"} 2',
    'a_seconds_sum{b="\\"\\n\\\\\r"} 1e+300',
    '# TYPE c gauge',
    'c -Inf',
    '# EOF',
    '',
  ].join('\n')
  const labels = { b: '"\n\\\r' }
  expect(parseOpenMetrics(text)).toEqual([
    {
      name: 'a_seconds',
      type: 'histogram',
      help: 'Says "a\\b".',
      unit: 'seconds',
      samples: [
        {
          name: 'a_seconds_bucket',
          labels: { ...labels, le: '1.0' },
          value: 1,
          exemplar: { labels: { trace_id: 't' }, value: 0.5, time: 1700000000.25 },
        },
        { name: 'a_seconds_bucket', labels: { ...labels, le: '+Inf' }, value: 2 },
        { name: 'a_seconds_count', labels, value: 2 },
        { name: 'a_seconds_sum', labels, value: 1e300 },
      ],
    },
    { name: 'c', type: 'gauge', help: '', unit: '', samples: [{ name: 'c', labels: {}, value: -Infinity }] },
  ])
})

test.each([
  ['a 1\n', 'Missing # EOF'],
  ['# TYPE a counter\na 1\n# EOF\n', 'Clashing name: a'],
  ['# TYPE a histogram\na_bucket{le="1.0"} 1\n# EOF\n', '+Inf bucket missing: a'],
])('the parser refuses %j', (text, words) => {
  requireBinary(openMetricsParser)
  expect(() => parseOpenMetrics(text)).toThrow(words)
})

test('promtool has its say', () => {
  requireBinary(promtoolBinary)
  expect(lintMetrics('# HELP a_total A.\n# TYPE a_total counter\na_total 1\n')).toBe('')
  expect(lintMetrics('# HELP a A.\n# TYPE a counter\na 1\n')).toContain(
    'counter metrics should have "_total" suffix',
  )
})
