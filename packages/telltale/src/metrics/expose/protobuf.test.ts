import { beforeEach, expect, test } from 'vitest'
import { counter } from '../counter.js'
import { gauge } from '../gauge.js'
import { histogram } from '../histogram.js'
import { resetMetricsForTest } from '../registry.js'
import { summary } from '../summary.js'
import { renderMetrics } from './scrape.js'

const delimited = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'

beforeEach(resetMetricsForTest)

/** The fields of a message by number: whole numbers, doubles, and the bytes of what is longer. */
type Fields = Map<number, (number | Buffer)[]>

function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0
  let scale = 1
  for (;;) {
    const byte = bytes[at++]!
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return [value, at]
    scale *= 128
  }
}

function fields(bytes: Buffer): Fields {
  const found: Fields = new Map()
  for (let at = 0; at < bytes.length;) {
    const [key, begin] = varint(bytes, at)
    let value: number | Buffer
    if ((key & 7) === 1) {
      value = bytes.readDoubleLE(begin)
      at = begin + 8
    } else if ((key & 7) === 0) [value, at] = varint(bytes, begin)
    else {
      const [length, from] = varint(bytes, begin)
      value = bytes.subarray(from, (at = from + length))
      expect(value).toHaveLength(length)
    }
    found.set(key >> 3, [...(found.get(key >> 3) ?? []), value])
  }
  return found
}

const message = (of: Fields, number: number): Fields => fields(of.get(number)![0] as Buffer)
const text = (of: Fields, number: number): string => String(of.get(number)?.[0] ?? '')

async function scrape(name: string): Promise<Fields[]> {
  const { chunks, contentType } = await renderMetrics({ accept: delimited, names: [name] })
  expect(contentType).toContain('encoding=delimited')
  const bytes = Buffer.concat(chunks)
  const families: Fields[] = []
  for (let at = 0; at < bytes.length;) {
    const [length, from] = varint(bytes, at)
    expect(from + length).toBeLessThanOrEqual(bytes.length)
    families.push(fields(bytes.subarray(from, (at = from + length))))
  }
  return families
}

function labels(metric: Fields): object {
  return Object.fromEntries(
    (metric.get(1) ?? []).map((pair) => {
      const of = fields(pair as Buffer)
      return [text(of, 1), text(of, 2)]
    }),
  )
}

const metrics = (family: Fields): Fields[] => (family.get(4) ?? []).map((bytes) => fields(bytes as Buffer))

test('a counter and a gauge are their values, label values as they were given', async () => {
  const value = 'a "quoted" \\ one,\n b="c" 😀'
  counter('jobs_total', { help: 'Jobs, "all".\nOf them.', labels: { kind: String, n: Number } }).inc(
    { kind: value, n: 1 },
    2 ** 40,
  )
  gauge('depth', { help: 'Depth.' }).set(-1.5)
  const [family] = await scrape('jobs_total')
  expect([text(family!, 1), text(family!, 2), family!.get(3)?.[0] ?? 0]).toEqual([
    'jobs_total',
    'Jobs, "all".\nOf them.',
    0,
  ])
  const [metric] = metrics(family!)
  expect(labels(metric!)).toEqual({ kind: value, n: '1' })
  expect(message(metric!, 3).get(1)).toEqual([2 ** 40])
  expect(message(metrics((await scrape('depth'))[0]!)[0]!, 2).get(1)).toEqual([-1.5])
})

test('a family of many series is one message, however long', async () => {
  const c = counter('many_total', { help: 'M.', labels: { id: String }, maxSeries: 20_000 })
  for (let id = 0; id < 20_000; id++) c.inc({ id: `${id}${'x'.repeat(id % 200)}` }, id)
  const families = await scrape('many_total')
  expect(families).toHaveLength(1)
  const all = metrics(families[0]!)
  expect(all).toHaveLength(20_000)
  for (const [id, metric] of all.entries()) {
    expect(labels(metric)).toEqual({ id: `${id}${'x'.repeat(id % 200)}` })
    expect(message(metric, 3).get(1)?.[0] ?? 0).toBe(id)
  }
})

test('a classic histogram has cumulative counts and bounds, a summary its count and sum', async () => {
  const h = histogram('wait_seconds', { help: 'W.', buckets: [1, 10] })
  for (const value of [0.5, 1, 5, 50, 60]) h.observe(value)
  const of = message(metrics((await scrape('wait_seconds'))[0]!)[0]!, 7)
  expect([of.get(1)?.[0], of.get(2)?.[0]]).toEqual([5, 116.5])
  const buckets = of.get(3)!.map((bytes) => fields(bytes as Buffer))
  expect(buckets.map((bucket) => [bucket.get(2)?.[0], bucket.get(1)?.[0]])).toEqual([
    [1, 2],
    [10, 3],
    [Infinity, 5],
  ])
  const s = summary('size_bytes', { help: 'S.' })
  s.observe(3)
  s.observe(4)
  const sum = message(metrics((await scrape('size_bytes'))[0]!)[0]!, 4)
  expect([sum.get(1)?.[0], sum.get(2)?.[0]]).toEqual([2, 7])
})

const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

function packed(bytes: Buffer): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length;) {
    const [value, next] = varint(bytes, at)
    values.push(signed(value))
    at = next
  }
  return values
}

test('a native histogram has schema, zero bucket, spans and deltas; an empty one is known as native', async () => {
  const h = histogram('pay_seconds', { help: 'P.', native: { factor: 2 } })
  const empty = message(metrics((await scrape('pay_seconds'))[0]!)[0]!, 7)
  expect(empty.get(6)).toEqual([2 ** -128])
  histogram('zero_seconds', { help: 'Z.', native: { zeroThreshold: 0 } })
  // Without any of threshold, span and delta Prometheus takes it for a classic one.
  expect(message(metrics((await scrape('zero_seconds'))[0]!)[0]!, 7).get(12)).toHaveLength(1)
  // Schema 0: the bucket k holds what is above 2^(k-1), up to 2^k.
  for (const value of [0, 1, 2, 2, 3, 100, -4]) h.observe(value)
  const of = message(metrics((await scrape('pay_seconds'))[0]!)[0]!, 7)
  expect(signed((of.get(5)?.[0] as number | undefined) ?? 0)).toBe(0)
  expect([of.get(1)?.[0], of.get(2)?.[0], of.get(7)?.[0]]).toEqual([7, 104, 1])
  const spans = (of.get(12) ?? []).map((bytes) => fields(bytes as Buffer))
  expect(
    spans.map((span) => [signed((span.get(1)?.[0] as number | undefined) ?? 0), span.get(2)?.[0]]),
  ).toEqual([
    [0, 3],
    [4, 1],
  ])
  expect(packed(of.get(13)![0] as Buffer)).toEqual([1, 1, -1, 0])
  expect(packed(of.get(10)![0] as Buffer)).toEqual([1])
})

test('a gauge that was not set and a family without series are left out', async () => {
  gauge('unset', { help: 'U.' })
  counter('none_total', { help: 'N.', labels: { a: String } })
  expect(await scrape('unset')).toEqual([])
  expect(await scrape('none_total')).toEqual([])
})
