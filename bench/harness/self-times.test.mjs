import { expect, test } from 'vitest'
import { selfTimes } from './self-times.mjs'

const node = (id, functionName, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
})
const profile = {
  nodes: [
    node(1, '(idle)'),
    node(2, 'encode', 'file:///repo/packages/telltale/dist/esm/index.js', 9),
    node(3, '', 'file:///repo/node_modules/@scope/pkg/lib/a.js', 4),
    node(4, '(garbage collector)'),
    node(5, 'writeBuffer', 'node:fs', 99),
    node(6, 'writev'),
  ],
  samples: [1, 2, 3, 2, 4, 5, 6, 1],
  timeDeltas: [0, 1000, 5, 7, 10, 20, 40, 80],
}

test('each function has the time until the next sample, idle time left out', () => {
  const { total, functions } = selfTimes(profile)
  expect(total).toBe(5 + 7 + 10 + 20 + 40 + 80)
  expect(functions).toEqual([
    { key: 'writev', micros: 80 },
    { key: 'writeBuffer  node:fs:100', micros: 40 },
    { key: '(garbage collector)', micros: 20 },
    { key: 'encode  dist/esm/index.js:10', micros: 15 },
    { key: '(anonymous)  pkg/lib/a.js:5', micros: 7 },
  ])
})

test('places are packages, ours, Node and the collector', () => {
  expect(selfTimes(profile).places).toEqual([
    { key: 'native', micros: 80 },
    { key: 'node', micros: 40 },
    { key: '(garbage collector)', micros: 20 },
    { key: 'packages/telltale', micros: 15 },
    { key: '@scope/pkg', micros: 7 },
  ])
})
