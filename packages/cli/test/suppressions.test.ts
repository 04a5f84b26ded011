import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { configs, project, type Package } from './support/project.js'

const plugin = new URL('../../eslint-plugin/package.json', import.meta.url)
const parser = pathToFileURL(createRequire(plugin).resolve('@typescript-eslint/parser')).href
const eslintConfig = `import telltale from 'eslint-plugin-telltale'
import * as parser from '${parser}'
export default [
  ...telltale.configs.recommended,
  { files: ['**/*.ts'], languageOptions: { parser } },
  { files: ['**/*.jsx'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
]
`
const both = ['ESLint 10', 'ESLint 9', 'oxlint'] as const
const eslintOnly = ['ESLint 10', 'ESLint 9'] as const
const oxlintOnly = ['oxlint'] as const

/** Each holds a finding of no-console back by a comment without reason, where code and comments are hard to tell apart. */
const files: Readonly<Record<string, { readonly code: string; readonly obeyed: readonly Package[] }>> = {
  'increment.js': {
    code: 'let i = 0\nconst a = i++ / 2; console.log(a / i) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'non-null.ts': {
    code: 'export const f = (total?: number) => { const a = total! / 2; console.log(a / 2) } // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'keyword-property.js': {
    code: 'const a = { of: 4 }\nconst b = a.of / 2; console.log(b / 2) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'jsx-backtick.jsx': {
    code: 'const a = <p>one ` of them</p>\nconsole.log(a) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'jsx-glob.jsx': {
    code: 'const a = <p>src/*.ts and // more</p>\nconsole.log(a) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'jsx-apostrophe.jsx': {
    code: "const a = <p>it's</p>; console.log(a) // eslint-disable-line telltale/no-console\n",
    obeyed: both,
  },
  'regex-after-parenthesis.js': {
    code: 'if (a) /`/.test(a)\nconsole.log(a) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'regex-after-brace.js': {
    code: 'function f() {}\n/[`/*]/.test(f)\nconsole.log(f) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'regex-slashes.js': {
    code: 'const a = /[//*]/; console.log(a) // eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'nested-templates.js': {
    code: 'const a = `// ${`/* ${console.log(1) /* eslint-disable-line telltale/no-console */} \\` ${{}}`} `\n',
    obeyed: both,
  },
  'quoted-first.js': {
    code: "const a = '/* eslint-disable '; console.log(a) // eslint-disable-line telltale/no-console\n",
    obeyed: both,
  },
  'byte-order-mark.js': {
    code: '\uFEFF/* eslint-disable telltale/no-console */console.log(1)\n',
    obeyed: both,
  },
  'returns.js': {
    code: 'const a = `\r\n`\r\n// eslint-disable-next-line telltale/no-console\r\nconsole.log(a)\r\n',
    obeyed: both,
  },
  'old-returns.js': {
    code: 'const a = 1 // b\rconsole.log(a) // eslint-disable-line telltale/no-console\r',
    obeyed: both,
  },
  'html.cjs': { code: 'console.log(1) <!-- eslint-disable-line telltale/no-console\n', obeyed: both },
  'html-end.cjs': {
    code: 'a()\n--> eslint-disable-next-line telltale/no-console\nconsole.log(1)\n',
    obeyed: both,
  },
  'unended.js': { code: 'console.log(1) // eslint-disable-line telltale/no-console', obeyed: both },
  'regex-before.js': {
    code: 'console.log(1), /x/// eslint-disable-line telltale/no-console\n',
    obeyed: both,
  },
  'mark-blank.js': {
    code: 'console.log(1) //\uFEFFeslint-disable-line telltale/no-console\n',
    obeyed: eslintOnly,
  },
  'quoted-name.js': {
    code: 'console.log(1) // eslint-disable-line "telltale/no-console"\n',
    obeyed: eslintOnly,
  },
  'set-off.js': { code: '/* eslint telltale/no-console: off */\nconsole.log(1)\n', obeyed: eslintOnly },
  'set-off-escaped.js': {
    code: '/* eslint "telltale\\/no-con\\u0073ole": 0 */\nconsole.log(1)\n',
    obeyed: eslintOnly,
  },
  'own-prefix.js': {
    code: 'console.log(1) // oxlint-disable-line telltale/no-console\n',
    obeyed: oxlintOnly,
  },
  'line-of-file.js': { code: '// eslint-disable telltale/no-console\nconsole.log(1)\n', obeyed: oxlintOnly },
  'blanks-between.js': {
    code: 'console.log(1) // eslint-disable-line no-eval telltale/no-console\n',
    obeyed: oxlintOnly,
  },
  'next-line-blank.js': {
    code: 'console.log(1) //\u0085eslint-disable-line telltale/no-console\n',
    obeyed: oxlintOnly,
  },
  'close-dashes.js': { code: 'console.log(1) // eslint-disable-line --why\n', obeyed: oxlintOnly },
}

interface Report {
  readonly new: readonly { readonly file: string; readonly rule: string }[]
}

describe.each(both)('with %s', (host) => {
  test('no comment that it obeys slips by, whatever is around it', async () => {
    const codes = Object.entries(files).map(([name, { code }]) => [`src/${name}`, code] as const)
    const { lint } = project([host, 'plugin'], {
      ...configs,
      'eslint.config.js': eslintConfig,
      ...Object.fromEntries(codes),
    })
    const { out, err } = await lint('--json', 'src')
    expect(err).toBe('')
    const told = (JSON.parse(out) as Report).new
    const rulesIn = (name: string) =>
      told.filter(({ file }) => file === `src/${name}`).map(({ rule }) => rule)
    for (const [name, { obeyed }] of Object.entries(files)) {
      expect(rulesIn(name), name).toContain('suppression-without-reason')
      // What it does not obey is a finding, so that this list tells the truth of the host.
      expect(!rulesIn(name).includes('no-console'), name).toBe(obeyed.includes(host))
    }
  })
})

test.each(['ESLint 10', 'ESLint 9'] as const)(
  'with %s, a comment of another language counts by what it holds back',
  async (host) => {
    const { lint } = project([host, 'plugin'], {
      'eslint.config.js': `import telltale from 'eslint-plugin-telltale'
const tilde = { preprocess: (text) => [text.replaceAll('~', '*')], postprocess: (lists) => lists.flat() }
export default [...telltale.configs.recommended, { files: ['**/*.tilde'], processor: tilde }]
`,
      'src/a.tilde': `a()
console.log(1) /~ eslint-disable-line telltale/no-console ~/
`,
      'src/b.tilde': '/~ eslint-disable -- made ~/ console.log(1)\n',
    })
    const { out, err } = await lint('--json', 'src')
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject({
      total: { new: 1, suppressed: 1 },
      new: [{ file: 'src/a.tilde', line: 2, rule: 'suppression-without-reason' }],
      suppressed: [{ file: 'src/b.tilde', line: 1, rules: ['no-console'], reason: 'made' }],
    })
  },
)
