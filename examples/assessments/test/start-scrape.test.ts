import { expect, test } from 'vitest'
import { bucketsOf, quantile } from '../start/quantile.js'
import { parseScrape, sumOf, totalsOf } from '../start/scrape.js'

const TEXT = `# HELP a_total Help.
# TYPE a_total counter
a_total{path="/a \\"b\\" \\\\ {x}",status="200"} 3
a_total{path="/c",status="500"} 4
plain 1.5e3
d_bucket{path="/a",le="0.1"} 1
d_bucket{path="/a",le="+Inf"} 2
`

test('a scrape is read with its labels, escapes and values', () => {
  const samples = parseScrape(TEXT)
  expect(samples[0]).toEqual({ name: 'a_total', labels: { path: '/a "b" \\ {x}', status: '200' }, value: 3 })
  expect(sumOf(samples, 'a_total')).toBe(7)
  expect(sumOf(samples, 'plain')).toBe(1500)
  expect(totalsOf(samples, 'a_total', ({ status }) => (status === '500' ? 'bad' : 'good'))).toEqual(
    new Map([
      ['good', 3],
      ['bad', 4],
    ]),
  )
  expect(bucketsOf(samples, 'd')).toEqual(
    new Map([
      [0.1, 1],
      [Infinity, 2],
    ]),
  )
})

test('a line that is no sample is an error that shows it', () => {
  expect(() => parseScrape('a_total{ 3 4 5')).toThrow('"a_total{ 3 4 5"')
})

test('quantiles are interpolated within their bucket', () => {
  const buckets = new Map([
    [1, 10],
    [2, 30],
    [4, 40],
    [Infinity, 40],
  ])
  expect(quantile(0.5, buckets)).toBe(1.5)
  expect(quantile(0.25, buckets)).toBe(1)
  expect(quantile(1, buckets)).toBe(4)
  expect(quantile(0.125, buckets)).toBe(0.5)
})

test('a quantile past the last finite bound is that bound; of nothing it is null', () => {
  expect(
    quantile(
      0.99,
      new Map([
        [1, 1],
        [Infinity, 100],
      ]),
    ),
  ).toBe(1)
  expect(
    quantile(
      0.5,
      new Map([
        [1, 0],
        [Infinity, 0],
      ]),
    ),
  ).toBeNull()
  expect(quantile(0.5, new Map())).toBeNull()
})

test('empty buckets below the quantile are passed over', () => {
  expect(
    quantile(
      0.5,
      new Map([
        [1, 0],
        [2, 0],
        [4, 10],
        [Infinity, 10],
      ]),
    ),
  ).toBe(3)
})
