import { afterEach, describe, expect, test, vi } from 'vitest'
import { counter, summary } from '../src/index.js'
import { metricsEndpoint } from './support/metrics-endpoint.js'
import { eachPeer, mended, type Peer, sampleLines } from './support/metrics-peers.js'
import { parseScrape } from './support/scrape.js'

const scrape = metricsEndpoint()

afterEach(() => vi.useRealTimers())

describe('defect 1: label sets that are one text when joined are one series', () => {
  const colliding = {
    'prom-client': [
      { a: '1,b:2', b: '3' },
      { a: '1', b: '2,b:3' },
    ],
    '@prometheus-io/client': [
      { a: 'x|y', b: 'z' },
      { a: 'x', b: 'y|z' },
    ],
  } as const

  test.each(eachPeer)('%s merges them', async (name, peer) => {
    const [first, second] = colliding[name.split(' ')[0] as keyof typeof colliding]
    const { counter, register } = peerCounter(peer, ['a', 'b'])
    counter.inc(first)
    counter.inc(second)
    expect(sampleLines(await register.metrics()), mended(name)).toEqual([
      `c_total{a="${first.a}",b="${first.b}"} 2`,
    ])
  })

  test('ours keeps them apart', async () => {
    const c = counter('defect1_total', { help: 'C.', labels: { a: String, b: String } })
    const sets = Object.values(colliding).flat()
    for (const labels of sets) c.inc(labels)
    expect(await ours('defect1_total')).toEqual(sets.map(({ a, b }) => `defect1_total{a="${a}",b="${b}"} 1`))
  })
})

describe('defect 2: a label object used again after a change', () => {
  test.each(eachPeer)('%s writes one label set twice and loses the other', async (name, peer) => {
    const { counter, register } = peerCounter(peer, ['a'])
    const labels = { a: '1' }
    counter.inc(labels)
    labels.a = '2'
    counter.inc(labels)
    expect(sampleLines(await register.metrics()), mended(name)).toEqual([
      'c_total{a="2"} 1',
      'c_total{a="2"} 1',
    ])
  })

  test('ours keeps nothing of the object', async () => {
    const c = counter('defect2_total', { help: 'C.', labels: { a: String } })
    const labels = { a: '1' }
    c.inc(labels)
    const bound = c.with(labels)
    labels.a = '2'
    c.inc(labels)
    bound.inc()
    expect(await ours('defect2_total')).toEqual(['defect2_total{a="1"} 2', 'defect2_total{a="2"} 1'])
  })
})

describe('defect 3: inc(NaN)', () => {
  test.each(eachPeer)('%s takes it and never counts again', async (name, peer) => {
    const { counter, register } = peerCounter(peer)
    counter.inc(2)
    counter.inc(NaN)
    counter.inc(1)
    expect(sampleLines(await register.metrics()), mended(name)).toEqual(['c_total Nan'])
  })

  test('ours refuses and counts it', async () => {
    const c = counter('defect3_total', { help: 'C.' })
    const before = await refused('invalid_value')
    c.inc(2)
    c.inc(NaN)
    c.with().inc(NaN)
    c.inc(1)
    expect(await ours('defect3_total')).toEqual(['defect3_total 3'])
    expect(await refused('invalid_value')).toBe(before + 2)
  })
})

describe('defect 4: a summary with age buckets', () => {
  test.each(eachPeer)('%s weighs what came before a rotation once for each bucket', async (name, peer) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const register = new peer.client.Registry()
    const common = { help: 'S.', percentiles: [0.5], registers: [register] }
    const plain = new peer.client.Summary({ name: 'plain', ...common })
    const aged = new peer.client.Summary({ name: 'aged', ...common, maxAgeSeconds: 60, ageBuckets: 5 })
    const observe = (value: number, times: number): void => {
      for (let i = 0; i < times; i++) [plain, aged].forEach((summary) => summary.observe(value))
    }
    observe(1, 10)
    vi.setSystemTime(Date.now() + 13_000)
    observe(2, 30)
    // Nothing is older than 60 s, so the two must agree; in the aged one the first ten weigh fifty.
    const [first, , , second] = parseScrape(await register.metrics())
    expect([first, second].map((sample) => sample?.name)).toEqual(['plain', 'aged'])
    expect(second!.value, mended(name)).toBeLessThan(first!.value)
  })

  test('ours has no quantiles, and its sum and count are exact', async () => {
    const s = summary('defect4_seconds', { help: 'S.' })
    for (let i = 0; i < 10; i++) s.observe(1)
    for (let i = 0; i < 30; i++) s.observe(2)
    expect((await ours('defect4_')).toSorted()).toEqual([
      'defect4_seconds_count 40',
      'defect4_seconds_sum 70',
    ])
  })
})

describe('defect 5: label values that are no text', () => {
  const values = [undefined, {}, NaN, ['"} 5\nforged_total 1']]

  test.each(eachPeer)('%s makes series of them, one with lines of its own', async (name, peer) => {
    const { counter, register } = peerCounter(peer, ['a'])
    for (const a of values) counter.inc({ a } as never)
    expect(sampleLines(await register.metrics()), mended(name)).toEqual([
      'c_total{a="undefined"} 1',
      'c_total{a="[object Object]"} 1',
      'c_total{a="NaN"} 1',
      'c_total{a=""} 5',
      'forged_total 1"} 1',
    ])
  })

  test('ours refuses and counts them, and prints numbers and booleans as their texts', async () => {
    const c = counter('defect5_total', { help: 'C.', labels: { a: Number } })
    const before = await refused('invalid_labels')
    for (const a of [...values, null]) c.inc({ a } as never)
    c.inc({ a: 1 })
    c.inc({ a: 1.0 })
    c.inc({ a: '1' } as never)
    c.inc({ a: true } as never)
    expect(await ours('defect5_total')).toEqual(['defect5_total{a="1"} 3', 'defect5_total{a="true"} 1'])
    expect(await refused('invalid_labels')).toBe(before + 5)
    expect(sampleLines((await scrape()).body, 'forged')).toEqual([])
  })
})

function peerCounter({ client }: Peer, labelNames: string[] = []) {
  const register = new client.Registry()
  const counter = new client.Counter({ name: 'c_total', help: 'C.', labelNames, registers: [register] })
  return { counter, register }
}

/** Our samples of the metric `name`, as scraped. */
async function ours(name: string): Promise<string[]> {
  return sampleLines((await scrape()).body, name)
}

async function refused(reason: string): Promise<number> {
  const name = `telltale_dropped_total{signal="metric",reason="${reason}"} `
  return Number((await ours(name))[0]?.slice(name.length) ?? 0)
}
