import { expect, test } from 'vitest'
import { suppressionsOf } from './suppressions.js'
import { sortedOut } from './unused.js'

const known = new Set(['no-console', 'no-silent-catch'])
const sorted = (
  code: string,
  ...unused: readonly (readonly [line: number, column: number, ...string[]])[]
) => {
  const { suppressed, idle } = sortedOut(
    suppressionsOf('a.js', code),
    unused.map(([line, column, ...rules]) => ({ file: 'a.js', line, column, rules })),
    known,
  )
  return [suppressed, idle].map((some) => some.map(({ line, rules }) => `${line} ${rules.join(' ')}`))
}
const two = '/* eslint-disable telltale/no-console -- a */ /* eslint-disable telltale/no-console -- b */'

test('a comment is unused that begins where the host says so', () => {
  expect(sorted(two, [1, 47])).toEqual([['1 no-console'], ['1 no-console']])
  expect(sorted(two, [1, 30])).toEqual([['1 no-console', '1 no-console'], []])
})

test('a rule is unused in the comment that it stands in', () => {
  const code = '/* eslint-disable\n  telltale/no-console,\n  telltale/no-silent-catch -- a */'
  expect(sorted(code, [3, 3, 'no-silent-catch'])).toEqual([['1 no-console'], ['1 no-silent-catch']])
  expect(sorted(code, [2, 3, 'no-console'], [3, 3, 'no-silent-catch'])).toEqual([
    [],
    ['1 no-console no-silent-catch'],
  ])
})

test('one that names no rule may be for others, and one that is no rule is told of once', () => {
  expect(sorted('// eslint-disable-line -- a', [1, 1])).toEqual([['1 all rules'], []])
  expect(sorted('// eslint-disable-line telltale/no-consol -- a', [1, 1])).toEqual([[], ['1 no-consol']])
})
