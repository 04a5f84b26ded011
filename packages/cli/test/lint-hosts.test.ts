import { expect, test } from 'vitest'
import { configs, project } from './support/project.js'

const swallowed = 'export async function a(id) { try { await mailer.send(id) } catch {} }\n'
const both = ['ESLint 10', 'oxlint', 'plugin'] as const

test.each([
  ['a.ts', 'export function f(a?: string, b: string) {}', /A required parameter/],
  ['a.mts', 'export const a = <any>b', /reserved in files with the \.mts/],
  ['a.ts', 'export enum E { 1 = 2 }', /numeric name/],
  ['a.ts', 'export class A { abstract f(): void }', /abstract class/],
  ['a.js', 'const a = ;\nconst b = = 3', /Unexpected token/],
  ['a.js', 'let a; let a', /already been declared/],
])('%s that oxlint can not lint leaves no verdict: %s', async (file, code, said) => {
  const there = project(['oxlint', 'plugin'], {
    ...configs,
    [`src/${file}`]: swallowed,
    'src/z.js': swallowed,
  })
  await there.lint('--baseline')
  const before = there.read('.telltale-lint.json')
  there.write({ [`src/${file}`]: `${swallowed}${code}\n` })
  const compared = await there.lint()
  expect(compared.code).toBe(2)
  expect(compared.out).toMatch(said)
  expect(compared.out).toContain("1 file can't be linted: nobody knows what is in there.")
  expect(compared.out).not.toContain('gone.')
  expect((await there.lint('--prune')).code).toBe(2)
  expect(there.read('.telltale-lint.json')).toBe(before)
})

test('a file with two errors is one file that can not be linted', async () => {
  const there = project(['oxlint', 'plugin'], { ...configs, 'src/a.js': 'let a; let a\nlet b; let b\n' })
  expect((await there.lint()).out).toContain("1 file can't be linted")
  expect((await there.lint('--baseline')).err).not.toContain('more file')
})

test('a setting that the rules can not use is said once', async () => {
  const settings = { telltale: { loggers: 3 } }
  const files = Object.fromEntries([...'abcdef'].map((name) => [`src/${name}.js`, swallowed]))
  const there = project(both, {
    ...files,
    '.oxlintrc.json': JSON.stringify({ ...JSON.parse(configs['.oxlintrc.json']), settings }) as string,
    'eslint.config.js': configs['eslint.config.js'].replace(
      '[...',
      `[{ settings: { telltale: { loggers: 3 } } }, ...`,
    ),
  })
  for (const host of ['oxlint', 'eslint']) {
    const { code, out, err } = await there.lint('--host', host)
    expect({ code, out }, host).toEqual({ code: 2, out: '' })
    expect(err.split('settings.telltale.loggers is not a setting'), host).toHaveLength(2)
    expect(err, host).not.toMatch(/^ +at /m)
  }
})

test('what another plugin fails at is said without its stack', async () => {
  const there = project(['oxlint', 'plugin'], {
    'src/a.js': swallowed,
    'other.js':
      "export default { meta: { name: 'other' }, rules: { fails: { create() { throw new Error('it fails') } } } }",
    '.oxlintrc.json': JSON.stringify({
      jsPlugins: ['./other.js', 'eslint-plugin-telltale'],
      rules: { 'other/fails': 'error', 'telltale/no-silent-catch': 'error' },
      ignorePatterns: ['other.js'],
    }),
  })
  const { code, out, err } = await there.lint()
  expect({ code, err }).toEqual({ code: 2, err: '' })
  expect(out).toContain("src/a.js:1  can't be linted: a JS plugin fails: Error: it fails\n")
  expect(out).not.toMatch(/^ +at /m)
})

test('a pattern is expanded by ESLint, and refused for oxlint, which would pass over it', async () => {
  const there = project(both, { ...configs, 'src/a.js': swallowed, 'src/b.js': '' })
  expect((await there.lint('--host', 'eslint', 'src/**/*.js')).code).toBe(1)
  for (const paths of [['src/**/*.js'], ['src/b.js', 'src/**/a.js']]) {
    const { code, out, err } = await there.lint('--host', 'oxlint', ...paths)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(
      /oxlint takes folders and files, no patterns, got src\/\*\*\/\w+|\*\.js\. .*telltale lint src,/,
    )
    expect(err).not.toContain('{')
  }
  expect((await there.lint('--host', 'oxlint', 'src/b.js', 'none.js')).err).toContain(
    'there is no none.js in ',
  )
})

test('with two hosts and no configuration both are named', async () => {
  const { code, err } = await project(both, { 'src/a.js': swallowed }).lint()
  expect(code).toBe(2)
  expect(err).toMatch(
    /neither .* oxlint .* ESLint switches on a rule .* in \.oxlintrc\.json: .* in eslint\.config\.js: /,
  )
})

test('the plugin under another name is said to be so', async () => {
  const there = project(both, {
    'src/a.js': swallowed,
    '.oxlintrc.json': JSON.stringify({
      jsPlugins: [{ name: 'tt', specifier: 'eslint-plugin-telltale' }],
      rules: { 'tt/no-silent-catch': 'error' },
    }),
    'eslint.config.js':
      "import tt from 'eslint-plugin-telltale'\nexport default [{ plugins: { tt }, rules: { 'tt/no-silent-catch': 'error' } }]\n",
  })
  for (const host of ['oxlint', 'eslint']) {
    const { code, err } = await there.lint('--host', host)
    expect(code).toBe(2)
    expect(err).toContain('names eslint-plugin-telltale "tt". Name it "telltale"')
  }
})

test.each([
  [
    'eslint.config.mjs',
    'export default [ error error ]',
    "'error' (in eslint.config.mjs, or what it imports)",
  ],
  ['eslint.config.mjs', '\nexport default [ none ]', 'none is not defined (eslint.config.mjs:2)'],
  ['eslint.config.cjs', 'module.exports = [ error error ]', '(in eslint.config.cjs, or what it imports)'],
])('an error in %s names it: %s', async (file, code, said) => {
  const there = project(['ESLint 10', 'plugin'], { 'src/a.js': swallowed, [file]: code })
  expect(await there.lint()).toMatchObject({ code: 2, err: expect.stringContaining(said) as string })
})

test('places in a line of many bytes are the same with both hosts', async () => {
  const code = `const ä = '😀\u2028'; ${"console.log('ä');".repeat(50)}\r\nconsole.log(ä)\n`
  const there = project(both, { ...configs, 'src/a.js': code, 'src/b.js': `\uFEFF${code}` })
  const found = await Promise.all(
    ['oxlint', 'eslint'].map(async (host) => {
      const { out } = await there.lint('--host', host, '--json')
      return (JSON.parse(out) as { new: readonly unknown[] }).new
    }),
  )
  expect(found[0]).toHaveLength(102)
  expect(found[0]).toEqual(found[1])
})
