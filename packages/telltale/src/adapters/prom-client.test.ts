import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { lintMetrics, openMetricsParser, parseOpenMetrics } from '../../../../scripts/testing/openmetrics.mjs'
import { requireBinary } from '../../../../scripts/testing/binaries.mjs'
import { promtoolBinary } from '../../../../scripts/testing/prometheus.mjs'
import { eachPeer, type Peer, sampleLines } from '../../test/support/metrics-peers.js'
import { counter, gauge, renderMetrics } from '../metrics/index.js'
import { resetMetricsForTest } from '../metrics/registry.js'
import { mergePromClient } from './prom-client.js'

const openMetrics = 'application/openmetrics-text; version=1.0.0'
const merged: (() => void)[] = []
const merge = (...given: Parameters<typeof mergePromClient>): (() => void) => {
  const remove = mergePromClient(...given)
  merged.push(remove)
  return remove
}

beforeEach(resetMetricsForTest)
afterEach(() => merged.splice(0).forEach((remove) => remove()))

describe.each(eachPeer)('%s', (_, { client }: Peer) => {
  const registry = () => {
    const register = new client.Registry()
    const registers = [register]
    const labelNames = ['kind']
    const orders = new client.Counter({ name: 'their_orders_total', help: 'Orders.', labelNames, registers })
    orders.inc({ kind: 'a "quoted"\n\\' }, 2)
    orders.inc({ kind: 'b' }, 0.5)
    new client.Gauge({ name: 'their_depth', help: 'Depth.', registers }).set(-3)
    const wait = new client.Histogram({
      name: 'their_wait_seconds',
      help: 'Wait.',
      labelNames,
      buckets: [0.1, 1, 10],
      registers,
    })
    for (const seconds of [0.05, 0.5, 0.5, 5, 50]) wait.observe({ kind: 'x' }, seconds)
    wait.observe({ kind: 'y' }, 1)
    const size = new client.Summary({
      name: 'their_size_bytes',
      help: 'Size.',
      labelNames,
      percentiles: [],
      registers,
    })
    size.observe({ kind: 'x' }, 10)
    size.observe({ kind: 'x' }, 20)
    return register
  }

  test('its samples stand in the scrape as it would write them, and no longer once it is taken out', async () => {
    const register = registry()
    const remove = merge(register)
    const theirs = sampleLines(await register.metrics())
    const ours = sampleLines(await rendered())
    expect(canonical(ours.filter((line) => line.startsWith('their_')))).toEqual(canonical(theirs))
    remove()
    expect(await rendered()).not.toContain('their_')
  })

  test('the text is one that promtool takes', async () => {
    requireBinary(promtoolBinary)
    merge(registry())
    const text = await rendered()
    expect(text).toContain('# TYPE their_wait_seconds histogram')
    expect(lintMetrics(text)).toBe('')
  })

  test('OpenMetrics is one that the reference parser takes, exemplars with it', async () => {
    requireBinary(openMetricsParser)
    const register = registry()
    register.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE as never)
    const traced = new client.Histogram({
      name: 'their_traced_seconds',
      help: 'Traced.',
      buckets: [1, 2],
      enableExemplars: true,
      registers: [register as never],
    })
    traced.observe({
      labels: {},
      value: 1.5,
      exemplarLabels: { trace_id: '0af7651916cd43dd8448eb211c80319c' },
    } as never)
    merge(register)
    const families = parseOpenMetrics(await rendered({ accept: openMetrics }))
    const samples = new Map(families.map((family) => [family.name, family.samples]))
    expect(samples.get('their_orders')).toContainEqual({
      name: 'their_orders_total',
      labels: { kind: 'a "quoted"\n\\' },
      value: 2,
    })
    expect(samples.get('their_traced_seconds')).toContainEqual(
      expect.objectContaining({
        value: 1,
        labels: { le: '2.0' },
        exemplar: expect.objectContaining({
          labels: { trace_id: '0af7651916cd43dd8448eb211c80319c' },
          value: 1.5,
        }),
      }),
    )
  })

  test('protobuf and a filter by name have them too', async () => {
    merge(registry())
    const accept =
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'
    expect(await rendered({ accept })).toContain('their_wait_seconds')
    expect(sampleLines(await rendered({ names: ['their_depth'] }))).toEqual(['their_depth -3'])
    expect(await rendered({ names: ['their_wait_seconds_bucket'] })).toContain('# TYPE their_wait_seconds ')
  })

  test('a name that is defined here stays ours, and the clash is counted once', async () => {
    const register = registry()
    const clash = `clash_${client === eachPeer[0]?.[1].client ? 'one' : 'two'}`
    counter(`${clash}_total`, { help: 'Ours.' }).inc(7)
    gauge(`${clash}_seconds_count`, { help: 'Ours.' }).set(8)
    const registers = [register]
    new client.Counter({ name: `${clash}_total`, help: 'Theirs.', registers }).inc(1)
    new client.Histogram({ name: `${clash}_seconds`, help: 'Theirs.', registers }).observe(1)
    new client.Gauge({ name: `${clash}_created`, help: 'Theirs.', registers }).set(1)
    merge(register)
    const before = await droppedFor('name_taken')
    expect(sampleLines(await rendered(), clash)).toEqual([`${clash}_seconds_count 8`, `${clash}_total 7`])
    expect(await droppedFor('name_taken')).toBe(before)
    expect(before).toBeGreaterThanOrEqual(3)
    expect(sampleLines(await rendered(), 'their_depth')).toEqual(['their_depth -3'])
  })

  test('a collect that fails spoils its registry alone, and is counted', async () => {
    const register = registry()
    const failing = new client.Gauge({
      name: 'their_failing',
      help: 'Fails.',
      registers: [register],
      collect: () => {
        throw new Error('no connection')
      },
    })
    expect(failing).toBeDefined()
    merge(register)
    const other = new client.Registry()
    new client.Gauge({ name: 'other_depth', help: 'Depth.', registers: [other] }).set(1)
    merge(other)
    counter('own_total', { help: 'Ours.' }).inc()
    const before = await droppedFor('collect_failed')
    const text = await rendered()
    expect(sampleLines(text, 'own_total')).toEqual(['own_total 1'])
    expect(sampleLines(text, 'other_depth')).toEqual(['other_depth 1'])
    expect(text).not.toContain('their_')
    expect(await droppedFor('collect_failed')).toBeGreaterThan(before)
  })

  test('what it keeps beyond what can be written does no harm', async () => {
    const register = new client.Registry()
    const registers = [register]
    const labelNames = ['user', 'token']
    const seen = new client.Gauge({ name: 'their_seen', help: 'Seen.', labelNames, registers })
    seen.set({ user: 'u_1', token: 'one' }, 1)
    seen.set({ user: 'u_1', token: 'two' }, 2)
    new client.Gauge({ name: 'their_nan', help: 'Nan.', registers }).set(NaN)
    new client.Gauge({ name: 'their_most', help: 'Most.', registers }).set(Infinity)
    new client.Summary({ name: 'their_quantiles', help: 'Q.', registers }).observe(3)
    merge(register)
    expect(sampleLines(await rendered(), 'their_')).toEqual([
      'their_most +Inf',
      'their_quantiles_count 1',
      'their_quantiles_sum 3',
      'their_seen{token="[REDACTED]",user="u_1"} 3',
    ])
  })
})

test('the same registry merged twice is there once; its first removal no longer counts', async () => {
  const register = { getMetricsAsJSON: () => [{ name: 'twice', type: 'gauge', values: [{ value: 1 }] }] }
  const first = merge(register)
  merge(register)
  first()
  expect(sampleLines(await rendered(), 'twice')).toEqual(['twice 1'])
})

test.each([Infinity, -1, NaN])('a count of %d is refused, in every format', async (value) => {
  const sample = (name: string, suffix: string, labels = {}) => ({
    value,
    labels,
    metricName: `${name}_${suffix}`,
  })
  merge({
    getMetricsAsJSON: () => [
      { name: 'bad_summary', type: 'summary', values: [sample('bad_summary', 'count')] },
      {
        name: 'bad_histogram',
        type: 'histogram',
        values: [
          sample('bad_histogram', 'bucket', { le: 1 }),
          sample('bad_histogram', 'bucket', { le: '+Inf' }),
        ],
      },
    ],
  })
  const before = await droppedFor('invalid_value')
  const protobuf =
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'
  expect(await rendered({ accept: protobuf, names: ['bad_summary', 'bad_histogram'] })).toBe('')
  expect(await droppedFor('invalid_value')).toBe(before + 6)
})

test('a registry that never answers costs a scrape its time alone, and is asked once', async () => {
  const ask = vi.fn<() => Promise<never>>(() => new Promise(() => undefined))
  merge({ getMetricsAsJSON: ask })
  counter('own_total', { help: 'Ours.' }).inc()
  for (const names of [['own_total'], undefined]) {
    expect(sampleLines(await rendered({ names, timeoutMs: 50 }), 'own_')).toEqual(['own_total 1'])
  }
  expect(ask).toHaveBeenCalledTimes(1)
})

test('the event loop turns while a large registry is converted', async () => {
  const values = Array.from({ length: 50_000 }, (_, i) => ({ value: i, labels: { id: `n${i}` } }))
  let atAnswer = 0
  let turns = 0
  let isOver = false
  const turn = (): void => void (isOver || (turns++, setImmediate(turn)))
  merge({ getMetricsAsJSON: () => ((atAnswer = turns), [{ name: 'large', type: 'gauge', values }]) })
  turn()
  const text = await rendered()
  isOver = true
  expect(sampleLines(text, 'large')).toHaveLength(50_000)
  expect(turns - atAnswer).toBeGreaterThan(3)
})

test('what is no registry is refused with what is accepted', () => {
  expect(() => mergePromClient({} as never)).toThrow('which has getMetricsAsJSON()')
  expect(() => mergePromClient(undefined as never)).toThrow(TypeError)
})

async function rendered(options: Parameters<typeof renderMetrics>[0] = {}): Promise<string> {
  const { chunks } = await renderMetrics(options)
  return Buffer.concat(chunks).toString()
}

async function droppedFor(reason: string): Promise<number> {
  const line = sampleLines(await rendered(), 'telltale_dropped_total').find((one) =>
    one.includes(`"${reason}"`),
  )
  return Number(line?.split(' ').at(-1) ?? 0)
}

/** Order of samples and of labels is the writer's own. */
function canonical(lines: readonly string[]): string[] {
  return lines
    .map((line) =>
      line.replace(
        /\{(.*)\}/,
        (_, pairs: string) =>
          `{${[...pairs.matchAll(/\w+="(?:[^"\\]|\\.)*"/g)].map(String).toSorted().join()}}`,
      ),
    )
    .toSorted()
}
