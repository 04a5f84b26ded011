import { expect, test } from 'vitest'
import { bestPeer, compare, judge, share, within } from './verdict.mjs'

test('only an interval that misses the goal as a whole fails', () => {
  expect(judge([2.6, 3], 2.5, 'least')).toEqual({ ok: true, undecided: false })
  expect(judge([2.5, 3], 2.5, 'least')).toEqual({ ok: true, undecided: false })
  expect(judge([2.4, 3], 2.5, 'least')).toEqual({ ok: true, undecided: true })
  expect(judge([2.0, 2.4], 2.5, 'least')).toEqual({ ok: false, undecided: false })
})

test('a goal can be an upper bound', () => {
  expect(judge([20, 39], 40, 'most')).toEqual({ ok: true, undecided: false })
  expect(judge([20, 41], 40, 'most')).toEqual({ ok: true, undecided: true })
  expect(judge([41, 50], 40, 'most')).toEqual({ ok: false, undecided: false })
})

test('a row without a goal is neither failed nor undecided', () => {
  expect(judge([1, 2], null, 'least')).toEqual({ ok: true, undecided: false })
})

test('four groups decide nothing, in either direction', () => {
  expect(judge([9, 9], 2.5, 'least', 4)).toEqual({ ok: true, undecided: true })
  expect(judge([1, 1], 2.5, 'least', 4)).toEqual({ ok: true, undecided: true })
  expect(judge([1, 1], 2.5, 'least', 5)).toEqual({ ok: false, undecided: false })
})

test('many rounds in few processes are few groups', () => {
  const rounds = Array.from({ length: 20 }, () => ({ telltale: 10, glue: 10 }))
  const options = { name: 'cpu', unit: 'µs', better: 'less', against: 'glue', goal: 2.5 }
  expect(compare({ ...options, groups: [rounds, rounds] })).toMatchObject({ ok: true, undecided: true })
  expect(compare({ ...options, groups: Array(5).fill(rounds) })).toMatchObject({
    ok: false,
    undecided: false,
  })
})

const groups = [
  [
    { telltale: 10, glue: 30, bare: 5 },
    { telltale: 20, glue: 40, bare: 10 },
  ],
  [{ telltale: 10, glue: 40, bare: 5 }],
]
const many = [...groups, ...groups, ...groups]

test('ratios say how many times as good as the peer, where less is better and where more is', () => {
  const cost = compare({ name: 'cpu', unit: 'µs', groups, better: 'less', against: 'glue', goal: 2.5 })
  expect(cost).toMatchObject({
    ours: 10,
    peers: { glue: 40, bare: 5 },
    ratios: { glue: 3, bare: 0.5 },
  })
  expect(cost).toMatchObject({ goal: 2.5, bound: 'least', ok: true })
  const rate = compare({ name: 'rate', unit: 'req/s', groups, better: 'more', against: 'bare' })
  expect(rate).toMatchObject({ ratios: { glue: 1 / 3, bare: 2 }, goal: null, ok: true })
})

test('the ratio is the median of the pairs, not the ratio of the medians', () => {
  const uneven = [[1, 2, 100].map((peer, index) => ({ telltale: [1, 4, 100][index], peer }))]
  const row = compare({ name: 'cpu', unit: 'µs', groups: uneven, better: 'less', against: 'peer' })
  expect(row.ratios.peer).toBe(1)
  expect(row.peers.peer / row.ours).toBe(0.5)
})

test('a difference is judged in the unit of the row, with its own bound', () => {
  const row = compare({
    name: 'start',
    unit: 'ms',
    groups: many,
    better: 'less',
    against: 'bare',
    measure: 'difference',
    goal: 4,
  })
  expect(row).toMatchObject({ bound: 'most', ok: false, undecided: false })
})

test('a value is judged by the median of its runs, with the peers beside it', () => {
  const runs = (values) => values.map((telltale) => [{ telltale, peer: 100 }])
  const row = (values, goal) =>
    compare({ name: 'stall', unit: 'ms', groups: runs(values), better: 'less', measure: 'value', goal })
  expect(row([3, 4, 4, 4, 90], 200)).toMatchObject({ ours: 4, against: null, bound: 'most', ok: true })
  expect(row([3, 4, 4, 4, 90], 200)).toMatchObject({ peers: { peer: 100 }, ratios: { peer: 25 } })
  expect(row([20, 21, 22, 23, 24], 10)).toMatchObject({ ok: false, undecided: false })
  expect(row([9, 9, 9, 20, 20], 10)).toMatchObject({ ok: true, undecided: true })
  expect(row([9, 9, 9, 9], 10)).toMatchObject({ ok: true, undecided: true })
})

test('the best peer is the one with the best median, of those that count', () => {
  const rounds = [
    { telltale: 1, a: 5, b: 4, c: 1 },
    { telltale: 1, a: 5, b: 4, c: 1 },
    { telltale: 1, a: 5, b: 99, c: 1 },
  ]
  expect(bestPeer([rounds], 'less', ['a', 'b'])).toBe('b')
  expect(bestPeer([rounds], 'more', ['a', 'b'])).toBe('a')
  expect(bestPeer([rounds], 'less', ['a', 'b', 'c'])).toBe('c')
})

test('the interval is of the peer that the goal is about', () => {
  const row = compare({ name: 'cpu', unit: 'µs', groups, better: 'less', against: 'bare' })
  expect(row.ci).toEqual([0.5, 0.5])
})

test('disturbed samples decide nothing', () => {
  const options = { name: 'cpu', unit: 'µs', groups: many, better: 'less', against: 'glue', goal: 9 }
  expect(compare(options)).toMatchObject({ ok: false, undecided: false })
  expect(compare({ ...options, decides: false })).toMatchObject({ ok: true, undecided: true })
})

test('what must stay within a bound is missed when every run misses it, undecided when some do', () => {
  const row = (values) => within({ name: 'block', unit: 'ms', values, goal: 40 })
  expect(row([3, 39])).toMatchObject({ ok: true, undecided: false, ours: 39, ci: [3, 39], peers: {} })
  expect(row([3, 41])).toMatchObject({ ok: true, undecided: true })
  expect(row([41, 60])).toMatchObject({ ok: false, undecided: false })
  expect(within({ name: 'block', unit: 'ms', values: [60] })).toMatchObject({ ok: true, goal: null })
})

test('a count must be within its bound in every run', () => {
  const row = (values) => within({ name: 'lost', unit: 'lines', values, goal: 0, always: true })
  expect(row([0, 0])).toMatchObject({ ok: true, undecided: false })
  expect(row([0, 1])).toMatchObject({ ok: false, undecided: false, ours: 1 })
})

test('a share is decided by itself, whatever its interval holds', () => {
  expect(share({ name: 'x', hits: 85, of: 100, goal: 85 })).toMatchObject({
    ok: true,
    undecided: false,
    ours: 85,
  })
  expect(share({ name: 'x', hits: 84, of: 100, goal: 85 })).toMatchObject({ ok: false, undecided: false })
  expect(share({ name: 'x', hits: 1, of: 2 })).toMatchObject({ ok: true, goal: null, unit: '%' })
  expect(() => share({ name: 'x', hits: 0, of: 0 })).toThrow('at least one case')
})

test("a share's interval narrows with the cases, and stays within all of them", () => {
  const width = ([low, high]) => high - low
  const few = share({ name: 'x', hits: 9, of: 10 }).ci
  expect(few[0]).toBeCloseTo(59.6, 1)
  expect(few[1]).toBeCloseTo(98.2, 1)
  expect(width(share({ name: 'x', hits: 90, of: 100 }).ci)).toBeLessThan(width(few))
  for (const of of [10, 21, 50]) {
    expect(share({ name: 'x', hits: of, of }).ci[1]).toBe(100)
    expect(share({ name: 'x', hits: 0, of }).ci[0]).toBe(0)
  }
})
