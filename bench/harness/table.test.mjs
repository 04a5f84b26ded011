import { expect, test } from 'vitest'
import { number, table } from './table.mjs'

const row = {
  name: 'Fastify: a request',
  unit: 'µs CPU',
  ours: 41.23,
  peers: { glue: 120.4, bare: 30 },
  ratios: { glue: 2.921, bare: 0.7277 },
  ci: [2.8, 3.04],
  goal: 2.5,
  ok: true,
  undecided: false,
  against: 'glue',
  measure: 'ratio',
  bound: 'least',
}
const result = { subject: 'request', rows: [row], ok: true, notes: [], quick: true, node: 'v20', seconds: 44 }

test('a row shows ours, each peer with its ratio, the interval, the goal and the verdict', () => {
  const line = table(result)
    .split('\n')
    .find((text) => text.startsWith('Fastify'))
  expect(line.split(/ {2,}/)).toEqual([
    'Fastify: a request',
    'µs CPU',
    '41.2',
    '120 (2.92×)',
    '30.0 (0.73×)',
    '2.80 to 3.04 × glue',
    '≥ 2.5 ×',
    '✓ met',
  ])
})

test('the columns of all rows begin at the same place', () => {
  const other = { ...row, name: 'Express: a request, against the glue', ours: 12345.6, goal: null }
  const lines = table({ ...result, rows: [row, other] }).split('\n')
  const [header, first, second] = lines.filter((line) => line.includes('µs CPU') || line.includes('unit'))
  expect(first.indexOf('µs CPU')).toBe(second.indexOf('µs CPU'))
  expect(header.indexOf('unit')).toBe(first.indexOf('µs CPU'))
  expect(first.indexOf('× glue')).toBe(second.indexOf('× glue'))
})

test('the verdicts differ', () => {
  const verdict = (change) => table({ ...result, rows: [{ ...row, ...change }] })
  expect(verdict({ ok: false })).toContain('✗ missed')
  expect(verdict({ undecided: true })).toContain('~ undecided')
  expect(verdict({ goal: null })).not.toMatch(/met|missed\n|undecided/)
})

test('a difference is shown in its unit with a sign', () => {
  const text = table({
    ...result,
    rows: [
      { ...row, unit: 'ms', measure: 'difference', bound: 'most', goal: 40, ci: [-1.5, 22], against: 'bare' },
    ],
  })
  expect(text).toContain('−1.50 to +22.0 ms on bare')
  expect(text).toContain('≤ +40.0 ms')
})

test('without colour there is no escape sequence; with colour the columns stand as without', () => {
  const plain = table(result)
  const colored = table(result, { color: true })
  expect(plain).not.toContain('\u001b')
  expect(colored).toContain('\u001b[32m✓ met')
  // oxlint-disable-next-line no-control-regex -- the escape sequences are what is taken out
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain)
})

test('numbers keep three digits', () => {
  expect([1.234, 12.34, 123.4, 12345.6].map(number)).toEqual(['1.23', '12.3', '123', '12,346'])
})

test('the last line sums up', () => {
  const last = (change) =>
    table({ ...result, ok: change.ok ?? true, rows: [{ ...row, ...change }] })
      .trimEnd()
      .split('\n')
      .at(-1)
  expect(last({})).toBe('Every goal is met.')
  expect(last({ undecided: true })).toBe('No goal is missed; 1 undecided.')
  expect(last({ ok: false })).toBe('A goal is missed.')
  expect(last({ goal: null })).not.toContain('goal is')
})

test('where there are many peers, a row shows the one that it is about', () => {
  const about = (peer) => ({ ...row, against: peer, peers: { [peer]: 120.4 }, ratios: { [peer]: 2.921 } })
  const lines = table({ ...result, rows: ['a', 'b', 'c', 'd', 'e'].map(about) }).split('\n')
  expect(lines.find((line) => line.includes('unit')).trim()).toMatch(/^unit +telltale +peer +95 % interval/)
  expect(lines.filter((line) => line.includes('120 (2.92×)'))).toHaveLength(5)
})

test('a bound without a peer shows counts as counts and measurements as measurements', () => {
  const bound = { ...row, against: null, peers: {}, ratios: {}, measure: 'most', bound: 'most' }
  const text = table({
    ...result,
    rows: [
      { ...bound, unit: 'lines', ours: 0, ci: [0, 0], goal: 0 },
      { ...bound, unit: 'ms', ours: 20.123, ci: [3.456, 20.123], goal: 40 },
    ],
  })
  expect(text).toMatch(/lines +0 +0 to 0 lines +≤ 0 lines/)
  expect(text).toMatch(/ms +20\.1 +3\.46 to 20\.1 ms +≤ 40 ms/)
})

test('a value shows its peers, its interval and its goal in its unit', () => {
  const value = { ...row, unit: 'ms', measure: 'value', bound: 'most', against: null, ci: [39, 43], goal: 50 }
  const text = table({ ...result, rows: [value] })
  expect(text).toMatch(/ms +41\.2 +120 \(2\.92×\) +30\.0 \(0\.73×\) +39\.0 to 43\.0 ms +≤ 50\.0 ms/)
})
