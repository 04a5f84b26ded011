import { expect, test } from 'vitest'
import { findingOf, suppressionsOf, withSilenced } from './suppressions.js'

const told = (code: string) =>
  suppressionsOf('a.js', code).map(({ rules, reason }) => `${rules.join(' ')}: ${reason}`)

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
  ['// eslint-disable-next-line no-console -- a tool', []],
  ['// eslint-disable-next-line my-telltale/no-console, @our/telltale/no-console', []],
  ['/* eslint-enable telltale/no-console */', []],
  ['// see eslint-disable telltale/no-console', []],
  ['/* eslint-disabled telltale/no-console */', []],
  ['/** eslint-disable telltale/no-console */', []],
])('%s', (code, expected) => {
  expect(told(code)).toEqual(expected)
})

test.each([
  '// oxlint-disable-line telltale/no-console',
  '// eslint-disable telltale/no-console',
  '// eslint-disable-line telltale/no-console --',
  '// eslint-disable-line telltale/no-console--why',
  '// eslint-disable-line no-eval telltale/no-console',
  `// eslint-disable-line 'telltale/no-console'`,
  '/*eslint-disable-line telltale/no-console*/',
  '//\u0085eslint-disable-line telltale/no-console',
  '/*\n\uFEFFeslint-disable telltale/no-console*/',
  '<!-- eslint-disable-line telltale/no-console',
  '/* eslint-disable telltale/no-console',
  '/* eslint "telltale\\/no-con\\u0073ole": 0 */',
  '/*eslint telltale/no-console:warn*/',
  '/* eslint telltale/no-console: ["error"], telltale/no-silent-catch: 2 */',
  '/* eslint telltale/no-console: [2, { "allow": true }] telltale/no-silent-catch: "error" */',
])('what one host obeys, or may, counts in both: %s', (code) => {
  expect(told(code)).toEqual(['no-console: '])
})

test.each(['// eslint-disable-line - why', '// eslint-disable-line --why', '/* eslint-disable "", , */'])(
  'to one host it names none, and means all: %s',
  (code) => {
    expect(told(code)).toEqual(['all rules: '])
  },
)

test('what code says of itself can not be told from what it quotes, and counts', () => {
  expect(told('const a = "// eslint-disable-line telltale/no-console"')).toEqual(['no-console: '])
})

test('of two that end together, both count', () => {
  expect(
    told(
      `const a = '/* eslint-disable '; /* eslint-disable a, // eslint-disable-line b,\ntelltale/no-console */`,
    ),
  ).toContain('no-console: ')
})

test.each(['\n', '\r', '\r\n', '\u2028', '\u2029'])('knows where it is after %j', (end) => {
  const code = `// a${end}/* b${end} */ x() // eslint-disable-line${end}telltale/no-console`
  expect(suppressionsOf('a.js', code)).toMatchObject([{ line: 3, column: 9, rules: ['all rules'] }])
})

test('a finding names what is switched off', () => {
  const [off, set] = suppressionsOf('a.js', '\n /* eslint-disable */ /* eslint telltale/no-console: 0 */')
  expect(findingOf(off!)).toMatchObject({
    file: 'a.js',
    line: 2,
    column: 2,
    message: 'This comment switches off all rules and does not say why: add the reason after " -- ".',
  })
  expect(findingOf(set!).message).toBe(
    'This comment changes telltale/no-console and does not say why: add the reason after " -- ".',
  )
})

test('what the host held back and no text tells of counts where it is', () => {
  const silenced = {
    file: 'a.md',
    line: 3,
    column: 1,
    severity: 'error',
    message: '',
    reason: 'why',
  } as const
  const of = (rule: string) => ({ ...silenced, rule })
  const known = suppressionsOf('a.md', '// eslint-disable-line telltale/no-console')
  expect(withSilenced(known, [of('no-console'), of('no-silent-catch')]).slice(1)).toMatchObject([
    { line: 3, rules: ['no-silent-catch'], reason: 'why' },
  ])
  expect(withSilenced(suppressionsOf('a.md', '/* eslint-disable */'), [of('no-console')])).toHaveLength(1)
})

const hostile = [
  '/*',
  '//',
  '/* ',
  '/* eslint',
  '/* eslint-disable ',
  '// eslint-disable-line ',
  '/* eslint-disable telltale/a -- ',
  '// eslint-disable-line telltale/a*/',
  '<!-- eslint-disable\n/* eslint-disable',
  'telltale/a: ',
  '(/[;',
  '`${',
  '- ',
  ' ',
  '\n',
  '--',
  '\\u00',
  'A',
]

test.each(hostile)('reads in linear time, whatever %j repeats', (piece) => {
  for (const begin of ['', '/* eslint telltale/x: ', '/* eslint-disable telltale/x', '// eslint-disable ']) {
    const code = (length: number) => begin + piece.repeat(length / piece.length)
    const time = (length: number) => {
      const text = code(length)
      const times = [1, 2, 3].map(() => {
        const start = performance.now()
        suppressionsOf('a.js', text)
        return performance.now() - start
      })
      return Math.min(...times)
    }
    // Four times as much takes sixteen times as long where it is quadratic; what takes next to no time is no measure.
    const [small, large] = [time(100_000), time(400_000)]
    expect(large, JSON.stringify(begin)).toBeLessThan(10 * Math.max(small, 50))
  }
})
