import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPolicy, policy } from '../../redact/policy.js'
import { droppedCounts } from '../../self/dropped.js'
import { clock } from '../clock.js'
import { define, type Definition } from '../definition.js'
import { renderMetrics } from '../expose/scrape.js'
import { resetMetricsForTest } from '../registry.js'
import { Store } from '../store.js'
import { bury, otherSources, parts, refuseOther } from './parts.js'
import { seriesOf } from './series.js'

beforeEach(resetMetricsForTest)
afterEach(() => {
  vi.useRealTimers()
  clock.second = -2
  policy.current = createPolicy()
})

const counted = define('counter', 'kept_total', { help: 'K.', labels: { id: String }, maxSeries: 2 })
const level = define('gauge', 'level', { help: 'L.' })

function live(id: string, definition: Definition, ...labels: string[]): void {
  const store = new Store(1)
  for (const each of labels) store.add(each, 1)
  const depth = new Store(1)
  depth.add('', 5)
  const sources = [seriesOf(definition, store), seriesOf(level, depth)]
  parts.live.set(id, { sources: () => sources })
}

function die(id: string, ...names: string[]): void {
  live(id, counted, ...names.map((name) => `id="${name}"`))
  bury(id)
}

const read = (): [string, number][] =>
  [...otherSources()].flatMap((source) => {
    const numbers = new Float64Array(source.width)
    return Array.from({ length: source.count }, (_, i): [string | undefined, number] => [
      source.read(i, numbers),
      numbers[0]!,
    ]).filter((one): one is [string, number] => one[0] !== undefined)
  })

async function kept(): Promise<[string, number][]> {
  await parts.keeping
  return read()
}

const lines = async (name: string): Promise<string[]> => {
  const { chunks } = await renderMetrics({ names: [name] })
  const text = Buffer.concat(chunks).toString()
  return text.split('\n').filter((line) => line.startsWith(name))
}

test('what gone parts counted is kept, their gauges are not', async () => {
  die('one', 'a')
  expect(read()).toEqual([['id="a"', 1]])
  die('two', 'a', 'b')
  expect(await kept()).toEqual([
    ['id="a"', 2],
    ['id="b"', 1],
  ])
  expect(parts.ending.size).toBe(0)
})

test("what is kept stays within the metric's limit; the rest goes to one series, exactly", async () => {
  for (let i = 0; i < 50; i++) die(`part ${i}`, `id ${i}`)
  expect(await kept()).toEqual([
    ['id="id 0"', 1],
    ['id="id 1"', 1],
    ['id="_overflow"', 48],
  ])
})

test('a series that stood at 0 stays, within the limit', async () => {
  const store = new Store(1)
  for (const id of ['a', 'b', 'c']) store.add(`id="${id}"`, 0)
  parts.live.set('idle', { sources: () => [seriesOf(counted, store)] })
  bury('idle')
  expect(await kept()).toEqual([
    ['id="a"', 0],
    ['id="b"', 0],
  ])
})

test('a metric that is defined otherwise is counted once, not at each scrape', () => {
  const count = () => [...droppedCounts()].find(({ reason }) => reason === 'definition_conflict')?.count ?? 0
  const other = define('counter', 'kept_total', { help: 'Other.' })
  const before = count()
  for (let scrape = 0; scrape < 3; scrape++) refuseOther(counted, other)
  expect(count()).toBe(before + 1)
  refuseOther(counted, define('counter', 'kept_total', { help: 'Third.' }))
  expect(count()).toBe(before + 2)
})

test('a part of many series is kept in slices, and every scrape has each of them once', async () => {
  const many = define('counter', 'many_total', { help: 'M.', labels: { id: String }, maxSeries: 100_000 })
  const ids = Array.from({ length: 50_000 }, (_, i) => `id="${i}"`)
  live('one', many, ...ids)
  live('two', many, ...ids)
  bury('one')
  let turns = 0
  let isOver = false
  const turn = (): void => void (isOver || (turns++, setImmediate(turn)))
  turn()
  const sizeKept = (): number => parts.kept.get('many_total')?.store.size ?? 0
  // One begins in the midst of keeping, one before another part goes, one when that is gone and not kept yet.
  while (sizeKept() === 0) await new Promise(setImmediate)
  expect(sizeKept()).toBeLessThan(50_000)
  const during: string[][] = [await lines('many_total')]
  await parts.keeping
  const last = lines('many_total')
  await new Promise(setImmediate)
  bury('two')
  during.push(await last, await lines('many_total'))
  isOver = true
  await parts.keeping
  during.push(await lines('many_total'))
  for (const scrape of during) {
    expect(scrape).toHaveLength(50_000)
    expect(scrape.filter((line) => !line.endsWith(' 2'))).toEqual([])
  }
  expect(turns).toBeGreaterThan(5)
})

test('what is kept of a metric with a time to live goes when nothing was added to it for so long', async () => {
  clock.second = -2
  vi.useFakeTimers({ toFake: ['performance'] })
  const brief = define('counter', 'brief_total', { help: 'B.', labels: { id: String }, ttlMs: 5000 })
  const bury1 = async (id: string, ...labels: string[]): Promise<void> => {
    live(id, brief, ...labels)
    bury(id)
    await parts.keeping
  }
  await bury1('one', 'id="a"', 'id="b"')
  vi.advanceTimersByTime(4000)
  await bury1('two', 'id="a"')
  vi.advanceTimersByTime(4000)
  expect(read()).toEqual([['id="a"', 2]])
  await bury1('three', 'id="c"')
  expect(parts.kept.get('brief_total')!.store.size).toBe(2)
  vi.advanceTimersByTime(10_000)
  expect(read()).toEqual([])
})

test('labels of another thread in another order are the same, dead or alive', async () => {
  const of = (...labels: string[]): Definition =>
    define('counter', 'ordered_total', {
      help: 'O.',
      labels: Object.fromEntries(labels.map((name) => [name, String])),
    })
  live('one', of('a', 'b'), 'a="x,b=\\"y\\"",b="y"')
  live('two', of('b', 'a'), 'b="y",a="x,b=\\"y\\""')
  const expected = ['ordered_total{a="x,b=\\"y\\"",b="y"} 2']
  expect(await lines('ordered_total')).toEqual(expected)
  bury('one')
  bury('two')
  await parts.keeping
  expect(await lines('ordered_total')).toEqual(expected)
})

test('what is kept is screened anew when the redaction policy changes', async () => {
  const orders = define('counter', 'orders_total', { help: 'O.', labels: { customer: String } })
  live('one', orders, 'customer="alice"', 'customer="bob"')
  bury('one')
  expect(await lines('orders_total')).toHaveLength(2)
  policy.current = createPolicy({ keys: ['customer'] })
  expect(await lines('orders_total')).toEqual(['orders_total{customer="[REDACTED]"} 2'])
})
