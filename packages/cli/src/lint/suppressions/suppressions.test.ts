import { expect, test } from 'vitest'
import { findingOf, suppressionsOf } from './suppressions.js'

const told = (code: string, host: 'eslint' | 'oxlint' = 'eslint') =>
  suppressionsOf('a.js', code, host).map(({ rules, reason }) => `${rules.join(' ')}: ${reason}`)

test.each([
  ['// eslint-disable-next-line telltale/no-console -- a tool', ['no-console: a tool']],
  ['x() // eslint-disable-line telltale/no-console --- a tool', ['no-console: a tool']],
  ['/* eslint-disable telltale/no-console */', ['no-console: ']],
  [
    '/* eslint-disable no-eval, telltale/no-console,telltale/no-silent-catch */',
    ['no-console no-silent-catch: '],
  ],
  ['/* eslint-disable\n   telltale/no-console\n   --\n   in two\n   lines */', ['no-console: in two lines']],
  ['/* eslint-disable -- made by a machine */', ['all rules: made by a machine']],
  ['/* eslint telltale/no-console: "off", no-eval: 2 -- a tool */', ['no-console: a tool']],
  ['/* eslint "telltale/no-console": ["error"], "telltale/no-silent-catch": [0] */', ['no-silent-catch: ']],
  ['// eslint-disable-next-line no-console -- a tool', []],
  ['/* eslint-enable telltale/no-console */', []],
  ['// see eslint-disable telltale/no-console', []],
  ['/* eslint-disabled telltale/no-console */', []],
  ['/** eslint-disable telltale/no-console */', []],
  ['const a = "// eslint-disable-line telltale/no-console"', []],
])('%s', (code, expected) => {
  expect(told(code)).toEqual(expected)
})

test('each host reads its own', () => {
  for (const code of [
    '// oxlint-disable-line telltale/no-console -- why',
    '// eslint-disable telltale/no-console -- why',
  ]) {
    expect(told(code, 'eslint'), code).toEqual([])
    expect(told(code, 'oxlint'), code).toEqual(['no-console: why'])
  }
  expect(told('/* eslint telltale/no-console: off */', 'oxlint')).toEqual([])
  expect(told('// oxlint-disable-line telltale/no-console --', 'oxlint')).toEqual(['no-console: '])
})

test('a finding names what is switched off', () => {
  const [suppression] = suppressionsOf('a.js', '\n /* eslint-disable */', 'eslint')
  expect(findingOf(suppression!)).toMatchObject({
    file: 'a.js',
    line: 2,
    column: 2,
    message: 'This comment switches off all rules and does not say why: add the reason after " -- ".',
  })
})
