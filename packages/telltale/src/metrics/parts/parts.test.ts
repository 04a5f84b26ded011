import { afterEach, expect, test } from 'vitest'
import { droppedCounts } from '../../self/dropped.js'
import { define } from '../definition.js'
import { resetMetricsForTest } from '../registry.js'
import { Store } from '../store.js'
import { bury, otherSources, parts, refuseOther } from './parts.js'
import { seriesOf } from './series.js'

afterEach(resetMetricsForTest)

const counted = define('counter', 'kept_total', { help: 'K.', labels: { id: String }, maxSeries: 2 })
const level = define('gauge', 'level', { help: 'L.' })

function die(id: string, ...names: string[]): void {
  const store = new Store(1)
  for (const name of names) store.add(`id="${name}"`, 1)
  const depth = new Store(1)
  depth.add('', 5)
  parts.live.set(id, { sources: () => [seriesOf(counted, store), seriesOf(level, depth)] })
  bury(id)
}

const kept = (): [string, number][] =>
  [...otherSources()].flatMap((source) => {
    const numbers = new Float64Array(source.width)
    return Array.from({ length: source.count }, (_, i): [string, number] => [
      source.read(i, numbers)!,
      numbers[0]!,
    ])
  })

test('what gone parts counted is kept, their gauges are not', () => {
  die('one', 'a')
  die('two', 'a', 'b')
  expect(kept()).toEqual([
    ['id="a"', 2],
    ['id="b"', 1],
  ])
})

test('a series that stood at 0 stays, within the limit', () => {
  const store = new Store(1)
  for (const id of ['a', 'b', 'c']) store.add(`id="${id}"`, 0)
  parts.live.set('idle', { sources: () => [seriesOf(counted, store)] })
  bury('idle')
  expect(kept()).toEqual([
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

test("what is kept stays within the metric's limit; the rest goes to one series, exactly", () => {
  for (let i = 0; i < 50; i++) die(`part ${i}`, `id ${i}`)
  expect(kept()).toEqual([
    ['id="id 0"', 1],
    ['id="id 1"', 1],
    ['id="_overflow"', 48],
  ])
})
