import { expect, test } from 'vitest'
import { configs, project } from './support/project.js'

const code = `// eslint-disable-next-line telltale/no-consoles -- misspelt
send()
// eslint-disable-next-line telltale/no-console -- used
console.log('b')
// eslint-disable-next-line telltale/no-console -- unused
send()
// eslint-disable-next-line telltale/no-console, telltale/no-silent-catch -- half
console.log('c')
// eslint-disable-next-line -- for others, perhaps
send()
// eslint-disable-next-line telltale/no-console, no-eval -- the other is not ours
console.log('d')
// eslint-disable-next-line no-eval -- not ours
send()
/* eslint-disable
  telltale/no-console,
  telltale/no-silent-catch -- over lines
*/
console.log('e')
`

test.each(['oxlint', 'ESLint 10', 'ESLint 9'] as const)(
  'a suppression that hits nothing or names no rule is counted apart by %s',
  async (host) => {
    const there = project([host, 'plugin'], { ...configs, 'src/a.js': code })
    const { code: exitCode, out } = await there.lint('--json')
    const { total, rules, suppressed, unused } = JSON.parse(out) as Report
    expect(exitCode).toBe(0)
    expect(total).toMatchObject({ new: 0, suppressed: 5, unused: 4 })
    expect(rules['no-console']).toMatchObject({ suppressed: 4, unused: 1 })
    expect(suppressed.map(told)).toEqual([
      '3 no-console',
      '7 no-console',
      '9 all rules',
      '11 no-console',
      '15 no-console',
    ])
    expect(unused.map((each) => `${told(each)}: ${each.why}`)).toEqual([
      '1 no-consoles: there is no such rule',
      '5 no-console: nothing to suppress there',
      '7 no-silent-catch: nothing to suppress there',
      '15 no-silent-catch: nothing to suppress there',
    ])
    const text = (await there.lint()).out
    expect(text).toContain(
      'Suppress nothing, and can go:\n  src/a.js:1  no-consoles: there is no such rule\n',
    )
    expect(text).toContain('Nothing found; still there: 5 suppressed, 4 unused suppressions.')
  },
)

test('a comment that ends a suppression and has none to end is no broken file', async () => {
  const there = project(['ESLint 10', 'oxlint', 'plugin'], {
    ...configs,
    'src/a.js': '/* eslint-enable telltale/no-console */\nsend()\n/* eslint-enable */\n',
  })
  for (const host of ['oxlint', 'eslint']) {
    const { code, out } = await there.lint('--host', host)
    expect(code).toBe(0)
    expect(out).toContain('Nothing found. (')
  }
})

interface Suppression {
  readonly line: number
  readonly rules: readonly string[]
}

interface Report {
  readonly total: Record<string, number>
  readonly rules: Record<string, Record<string, number>>
  readonly suppressed: readonly Suppression[]
  readonly unused: readonly (Suppression & { readonly why: string })[]
}

const told = ({ line, rules }: Suppression) => `${line} ${rules.join(', ')}`
