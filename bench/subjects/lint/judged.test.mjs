import { expect, test } from 'vitest'
import { differences } from './hosts.mjs'
import { judgeFindings } from './judged.mjs'

const label = (line, verdict, rule = 'no-silent-return') => ({ line, rule, verdict })
const finding = (line, rule = 'no-silent-return') => ({
  rule: `telltale/${rule}`,
  line,
  column: 1,
  message: 'x',
})

function judged(labels, findings) {
  return judgeFindings([{ labels, findings }], ['no-silent-return'])['no-silent-return']
}

test('a finding is right where the label says yes, and wrong elsewhere', () => {
  expect(
    judged(
      [label(1, 'yes'), label(2, 'no'), label(4, 'yes')],
      [1, 2, 3].map((n) => finding(n)),
    ),
  ).toEqual({
    right: 1,
    wrong: 2,
    overlooked: 1,
    maybe: 0,
    maybeFound: 0,
  })
})

test('maybe counts neither way', () => {
  expect(judged([label(1, 'maybe'), label(2, 'maybe')], [finding(1)])).toEqual({
    right: 0,
    wrong: 0,
    overlooked: 0,
    maybe: 2,
    maybeFound: 1,
  })
})

test('a line is one case, and the labels of other rules are not its own', () => {
  expect(
    judged([label(1, 'no'), label(1, 'yes'), label(2, 'yes', 'no-console')], [finding(1), finding(1)]),
  ).toEqual({ right: 1, wrong: 0, overlooked: 0, maybe: 0, maybeFound: 0 })
  expect(judged([label(2, 'yes', 'no-console')], [finding(2)]).wrong).toBe(1)
})

test('hosts differ in a finding that one has twice, or in another column', () => {
  const once = new Map([['a.ts', [finding(1)]]])
  expect(differences(once, new Map(once))).toEqual([])
  expect(differences(new Map([['a.ts', [finding(1), finding(1)]]]), once)).toEqual([
    'a.ts:1:1 no-silent-return: x',
  ])
  expect(differences(once, new Map([['a.ts', [{ ...finding(1), column: 2 }]]]))).toHaveLength(2)
})
