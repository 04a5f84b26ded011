import { afterEach, expect, test } from 'vitest'
import { createPolicy, policy } from '../../redact/policy.js'
import { define } from '../definition.js'
import { place, Store } from '../store.js'
import { type Change, isClusterMessage, maxSeriesInMessage } from './message.js'
import { Pushed } from './push.js'
import { Remote } from './remote.js'

const definition = define('gauge', 'depth', { help: 'D.', labels: { id: String } })

function setting(): {
  remote: Remote
  store: Store
  push: () => readonly Change[][]
  shown: () => Record<string, number>
} {
  const store = new Store(1)
  const pushed = new Pushed()
  const remote = new Remote()
  return {
    remote,
    store,
    push: () => {
      const sent: Change[][] = []
      for (const _ of pushed.changes([{ definition, store }], (changes) => {
        const message: unknown = JSON.parse(JSON.stringify({ telltale: 'metrics', kind: 'changed', changes }))
        expect(isClusterMessage(message)).toBe(true)
        const arrived = (message as { changes: Change[] }).changes
        arrived.forEach((change) => remote.take(change))
        sent.push(arrived)
      }));
      return sent
    },
    shown: () => {
      const numbers = new Float64Array(1)
      const [source] = remote.sources()
      const all = Array.from({ length: source?.count ?? 0 }, (_, i) => [
        source!.read(i, numbers),
        numbers[0]!,
      ])
      return Object.fromEntries(all.filter(([labels]) => labels !== undefined)) as Record<string, number>
    },
  }
}

afterEach(() => {
  policy.current = createPolicy()
})

test("a worker's labels pass the policy of the process that answers, and are told by their own", () => {
  const { store, push, shown } = setting()
  const a = store.add('id="alice"', 1)
  push()
  policy.current = createPolicy({ keys: ['id'] })
  expect(shown()).toEqual({ 'id="[REDACTED]"': 1 })
  store.chunkOf(a).values[place(a)] = 3
  push()
  expect(shown()).toEqual({ 'id="[REDACTED]"': 3 })
  store.remove(a)
  push()
  expect(shown()).toEqual({})
})

test('a metric that a worker defines otherwise than before is that one from then on', () => {
  const remote = new Remote()
  const other = { ...definition, help: 'Else.' }
  for (const each of [definition, other])
    remote.take({ definition: each, width: 1, series: [['id="a"', 1]], gone: [] })
  expect([...remote.sources()].map((source) => source.definition)).toEqual([other])
})

test('what changed is told, what did not is not', () => {
  const { store, push, shown } = setting()
  const a = store.add('id="a"', 1)
  store.add('id="b"', Infinity)
  push()
  expect(shown()).toEqual({ 'id="a"': 1, 'id="b"': Infinity })
  expect(push()).toEqual([])
  store.chunkOf(a).values[place(a)] = 3
  expect(
    push()
      .flat()
      .flatMap(({ series }) => series),
  ).toEqual([['id="a"', 3]])
  expect(shown()).toEqual({ 'id="a"': 3, 'id="b"': Infinity })
})

test('series that are gone are gone there too, and may come back', () => {
  const { store, push, shown } = setting()
  const a = store.add('id="a"', 1)
  store.add('id="b"', 2)
  push()
  store.remove(a)
  push()
  expect(shown()).toEqual({ 'id="b"': 2 })
  store.add('id="c"', 4)
  store.add('id="a"', 5)
  push()
  expect(shown()).toEqual({ 'id="a"': 5, 'id="b"': 2, 'id="c"': 4 })
})

test('a series that goes and comes back while its worker is read is not seen twice', () => {
  const { remote, store, push } = setting()
  for (const id of ['a', 'b', 'c']) store.add(`id="${id}"`, 1)
  push()
  const [source] = remote.sources()
  const numbers = new Float64Array(1)
  const seen: (string | undefined)[] = []
  const { count } = source!
  source!.hold()
  for (let slot = 0; slot < count; slot++) {
    seen.push(source!.read(slot, numbers))
    if (slot > 0) continue
    remote.take({ definition, width: 1, series: [], gone: ['id="a"', 'id="c"'] })
    remote.take({ definition, width: 1, series: [['id="a"', 2]], gone: [] })
  }
  source!.release()
  expect(seen).toEqual(['id="a"', 'id="b"', undefined])
})

test('many series are told in pieces', () => {
  const { store, push, shown } = setting()
  for (let i = 0; i < 2.5 * maxSeriesInMessage; i++) store.add(`id="${i}"`, i)
  expect(push()).toHaveLength(3)
  expect(Object.keys(shown())).toHaveLength(2.5 * maxSeriesInMessage)
})

test.each([
  [null],
  ['metrics'],
  [{ kind: 'ask', id: 1 }],
  [{ telltale: 'metrics', kind: 'ask' }],
  [{ telltale: 'metrics', kind: 'changed', changes: [{}] }],
  [
    {
      telltale: 'metrics',
      kind: 'changed',
      changes: [{ definition, width: 2, series: [['', 1]], gone: [] }],
    },
  ],
  [{ telltale: 'metrics', kind: 'changed', changes: [{ definition, width: 1e9, series: [], gone: [] }] }],
  [{ telltale: 'metrics', kind: 'rendered', id: 1, contentType: 'a', piece: 1, isLast: true }],
])('a message of another shape is left alone: %j', (message) => {
  expect(isClusterMessage(message)).toBe(false)
})
