import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import { describeWithBinary } from '../../../../scripts/testing/binaries.mjs'
import {
  openMetricsParser,
  type ParsedFamily,
  type ParsedSample,
  parseOpenMetrics,
} from '../../../../scripts/testing/openmetrics.mjs'
import { counter, gauge, histogram, redact } from '../../src/index.js'
import { accepts, type MetricsApp, startMetricsApp } from './app.js'
import { defineKnown, durations, hostileHelp, hostileValues } from './known.js'

describeWithBinary(openMetricsParser, 'the reference parser of OpenMetrics', () => {
  let app: MetricsApp
  beforeAll(async () => {
    app = await startMetricsApp()
  })
  afterAll(() => app.close())

  const parsed = async (query = ''): Promise<Map<string, ParsedFamily>> => {
    const { text, type } = await app.scrape({ accept: accepts.openMetrics, query })
    expect(type).toMatch(/^application\/openmetrics-text; ?version=1\.0\.0/)
    return new Map(parseOpenMetrics(text).map((family) => [family.name, family]))
  }
  const samplesOf = async (name: string, query = `?name[]=${name}`): Promise<ParsedSample[]> => {
    const families = [...(await parsed(query)).values()]
    expect(families.map((family) => family.name)).toEqual([name.replace(/_total$/, '')])
    return families[0]!.samples
  }

  test('returns the exact values of every type', async () => {
    defineKnown()
    await app.work()
    const families = await parsed()
    const orders = families.get('known_orders')!
    // The states of a weight and a kind of order stand at 0 once the first of them was seen.
    expect({ ...orders, samples: orders.samples.filter(({ value }) => value > 0) }).toEqual({
      name: 'known_orders',
      type: 'counter',
      help: hostileHelp,
      unit: '',
      samples: [
        {
          name: 'known_orders_total',
          labels: { state: 'paid', weight: '1.5', gift: 'true' },
          value: 3,
        },
        {
          name: 'known_orders_total',
          labels: { state: 'refused', weight: '1e+21', gift: 'false' },
          value: 0.25,
        },
      ],
    })
    expect(families.get('known_plain')?.samples).toEqual([
      { name: 'known_plain_total', labels: {}, value: 2 ** 53 },
    ])
    expect(families.get('known_depth')).toMatchObject({
      type: 'gauge',
      samples: [{ name: 'known_depth', labels: {}, value: -1.5e-7 }],
    })
    const kind = 'a'
    expect(families.get('known_duration_seconds')).toMatchObject({ type: 'histogram' })
    expect(families.get('known_duration_seconds')?.samples.toSorted(byName)).toEqual(
      [
        ...[
          ['0.01', 1],
          ['0.1', 3],
          ['1.0', 5],
          ['10.0', 6],
          ['+Inf', 7],
        ].map(([le, value]) => ({ name: 'known_duration_seconds_bucket', labels: { kind, le }, value })),
        { name: 'known_duration_seconds_count', labels: { kind }, value: 7 },
        {
          name: 'known_duration_seconds_sum',
          labels: { kind },
          value: durations.reduce((sum, seconds) => sum + seconds, 0),
        },
      ].toSorted(byName),
    )
    expect(families.get('known_size_bytes')).toMatchObject({ type: 'summary' })
    expect(families.get('known_size_bytes')?.samples.toSorted(byName)).toEqual([
      { name: 'known_size_bytes_count', labels: { kind: 'b' }, value: 3 },
      { name: 'known_size_bytes_sum', labels: { kind: 'b' }, value: 2130 },
    ])
    expect(families.get('known_hostile')?.samples).toEqual(
      hostileValues.map((text, value) => ({ name: 'known_hostile', labels: { text }, value })),
    )
    expect(families.get('http_requests')?.samples).toContainEqual(
      expect.objectContaining({ labels: { method: 'POST', path: '/work', status: '200' }, value: 1 }),
    )
    expect(families.get('process_cpu_seconds')?.type).toBe('counter')
  })

  test('exemplars carry the ids of the request, and fit into 128 characters', async () => {
    const touched = counter('exemplary_total', { help: 'Counted.' })
    const bytes = histogram('exemplary_bytes', { help: 'Measured.', buckets: [10, 100] })
    const touch = (): void => {
      touched.inc(3)
      bytes.observe(7)
      bytes.observe(1000)
    }
    const outside = counter('exemplary_outside_total', { help: 'Counted.' })
    outside.inc()
    expect((await samplesOf('exemplary_outside_total'))[0]).not.toHaveProperty('exemplar')
    app.act = touch
    const trace_id = '0af7651916cd43dd8448eb211c80319c'
    const request_id = 'r'.repeat(128)
    await app.work({ 'x-request-id': request_id, traceparent: `00-${trace_id}-b7ad6b7169203331-01` })
    const found = [...(await samplesOf('exemplary_total')), ...(await samplesOf('exemplary_bytes'))]
    expect(found.filter(({ exemplar }) => exemplar !== undefined)).toEqual([
      exemplary('exemplary_total', {}, 3, 3),
      exemplary('exemplary_bytes_bucket', { le: '10.0' }, 1, 7),
      exemplary('exemplary_bytes_bucket', { le: '+Inf' }, 2, 1000),
    ])
    function exemplary(name: string, labels: object, value: number, of: number): object {
      const exemplar = { labels: { trace_id }, value: of, time: expect.any(Number) }
      return { name, labels, value, exemplar }
    }
  })

  test('any label values come back, and no two pairs of them share a series', async () => {
    const pieces = fc.constantFrom(
      ...hostileValues,
      ...['"', '\\', '\\"', '\\\\n', '\r', ',', '=', '|', ':', '\ud83d', '\ude42', 'a', '1', 'x'.repeat(200)],
    )
    const value = fc.oneof(
      fc.array(pieces, { maxLength: 6 }).map((list) => list.join('')),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 20 }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { minLength: 200, maxLength: 400 }),
        async (pairs) => {
          const name = `any_values_${++run}_total`
          const metric = counter(name, { help: 'Counted.', labels: { a: String, b: String } })
          const model = new Map<string, number>()
          for (const [index, [a, b]] of pairs.entries()) {
            metric.inc({ a, b }, index + 1)
            const key = JSON.stringify([asWritten(a), asWritten(b)])
            model.set(key, (model.get(key) ?? 0) + index + 1)
          }
          const found = (await samplesOf(name)).map(
            ({ labels, value: count }) => [JSON.stringify([labels['a'], labels['b']]), count] as const,
          )
          expect(found.length).toBe(model.size)
          expect(new Map(found)).toEqual(model)
        },
      ),
      { numRuns: 10, interruptAfterTimeLimit: 40_000 },
    )
  })

  test('any help comes back', async () => {
    const help = fc
      .array(fc.oneof(fc.constantFrom(...hostileValues), fc.string({ unit: 'binary', maxLength: 30 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map((list) => list.join(''))
      .filter((text) => text.trim() !== '')
    const helps = new Map(fc.sample(help, 200).map((text, index) => [`any_help_${index}`, text]))
    for (const [name, text] of helps) gauge(name, { help: text }).set(1)
    const families = await parsed()
    for (const [name, text] of helps) {
      expect([name, families.get(name)?.help]).toEqual([name, wellFormed(text).replace(/\r\n?/g, '\n')])
    }
  })

  test('any number comes back', async () => {
    const numbers = [
      ...[0, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, 1e21, 1e-7, 123456789.123, 0.1 + 0.2],
      ...fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 500),
    ]
    const metric = gauge('any_number', { help: 'Measured.', labels: { index: Number } })
    for (const [index, number] of numbers.entries()) metric.set({ index }, number)
    const samples = await samplesOf('any_number')
    expect(samples.map(({ labels }) => Number(labels['index']))).toEqual([...numbers.keys()])
    // The sign of 0 says nothing about a gauge.
    for (const [index, { value }] of samples.entries()) expect(value + 0).toBe(numbers[index]! + 0)
  })

  test('any bounds of buckets come back rising and canonical, with the counts of a straight search', async () => {
    const bounds = fc
      .uniqueArray(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 20 })
      .map((list) => list.toSorted((a, b) => a - b))
    const cases = fc.sample(fc.tuple(bounds, fc.array(fc.double({ min: 0, max: 1e13, noNaN: true }))), 50)
    for (const [index, [buckets, values]] of cases.entries()) {
      const metric = histogram(`any_bounds_${index}`, { help: 'Measured.', buckets })
      for (const each of [...values, ...buckets]) metric.observe(each)
    }
    const families = await parsed()
    for (const [index, [buckets, values]] of cases.entries()) {
      const name = `any_bounds_${index}`
      const found = families.get(name)!.samples.filter((sample) => sample.name === `${name}_bucket`)
      const observed = [...values, ...buckets]
      for (const { labels } of found) expect(labels['le']).toMatch(/^\+Inf$|[.e]/)
      expect(found.map(({ labels, value }) => [numberOf(labels['le']), value])).toEqual(
        [...buckets, Infinity].map((bound) => [bound, observed.filter((each) => each <= bound).length]),
      )
    }
  })
})

/** What the documentation says of a label value: at most 256 characters, well-formed, screened for secrets. */
function asWritten(value: string): string {
  const text = (redact({ value }) as { value: string }).value
  return wellFormed(text.length > 256 ? `${text.slice(0, 255)}…` : text)
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

function numberOf(le: string | undefined): number {
  return le === '+Inf' ? Infinity : Number(le)
}

function byName(a: { name: string; labels: object }, b: { name: string; labels: object }): number {
  const [one, other] = [a.name + JSON.stringify(a.labels), b.name + JSON.stringify(b.labels)]
  return one < other ? -1 : 1
}
