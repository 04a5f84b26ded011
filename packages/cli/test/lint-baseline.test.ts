import { describe, expect, test } from 'vitest'
import { configs, type Package, project } from './support/project.js'

const swallowed = `try {
  await orders.close(id)
} catch {
}
`
const hosts: readonly (readonly [string, readonly Package[]])[] = [
  ['ESLint 10', ['ESLint 10', 'plugin']],
  ['ESLint 9', ['ESLint 9', 'plugin']],
  ['oxlint', ['oxlint', 'plugin']],
]

interface Report {
  readonly total: Record<string, number>
  readonly new: readonly { readonly file: string }[]
}

const ignoring = (path: string) => ({
  '.oxlintrc.json': JSON.stringify({
    ...(JSON.parse(configs['.oxlintrc.json']) as object),
    ignorePatterns: [path],
  }),
  'eslint.config.js': configs['eslint.config.js'].replace('[...', `[{ ignores: ['${path}'] }, ...`),
})

describe.each(hosts)('with %s', (_host, has) => {
  const withRules = (files: Record<string, string>) => project(has, { ...configs, ...files })

  test('pruning keeps what is in files that are there and not linted, and says so', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'src/b.js': swallowed, 'src/c.js': swallowed })
    await there.lint('--baseline')
    const whole = there.read('.telltale-lint.json')
    there.write({ ...ignoring('src/a.js'), 'src/c.js': '' })
    expect((await there.lint()).out).toContain(
      '1 recorded finding in files that are there and not linted: --prune keeps such findings, --baseline does not.',
    )
    const { code, err } = await there.lint('--prune')
    expect(code).toBe(0)
    expect(err).toContain('has 2 findings in 2 files, 1 fewer than before.')
    expect(err).toContain('1 finding of files that are there and not linted stays.')
    there.write({ ...configs, 'src/c.js': swallowed })
    const { out } = await there.lint('--json')
    expect((JSON.parse(out) as Report).new.map(({ file }) => file)).toEqual(['src/c.js'])
    there.remove('src/a.js')
    await there.lint('--prune')
    expect(there.read('.telltale-lint.json')).not.toContain('src/a.js')
    expect(whole).toContain('src/a.js')
  })

  test('what pruning kept of an older version of the rules is still known by its lines', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'src/b.js': swallowed })
    await there.lint('--baseline')
    const older = there
      .read('.telltale-lint.json')
      .replace(/"plugin": "[^"]*"/, '"plugin": "0.0.1"')
      .replaceAll('nobody hears', 'none hears')
    there.write({ '.telltale-lint.json': older, ...ignoring('src/a.js') })
    await there.lint('--prune')
    there.write(configs)
    expect((await there.lint()).code).toBe(0)
    await there.lint('--prune')
    expect(there.read('.telltale-lint.json')).not.toContain('0.0.1')
  })

  test('the baseline is found from a folder below, which alone is looked at', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'lib/b.js': swallowed, 'src/deep/c.js': '' })
    await there.lint('--baseline')
    const recorded = there.read('.telltale-lint.json')
    const below = there.below('src')
    const known = await below.lint()
    expect(known.code).toBe(0)
    expect(known.out).toContain(
      'Only src was looked at: files are named from where ../.telltale-lint.json is.',
    )
    expect(known.out).toContain('Nothing new; still there: 1 known.')

    there.write({ 'src/deep/c.js': swallowed, 'src/a.js': '' })
    const { code, out } = await below.lint('--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      baseline: { file: '../.telltale-lint.json', recorded: 2 },
      total: { new: 1, known: 0, gone: 1, unlinted: 0 },
      new: [{ file: 'src/deep/c.js' }],
    })
    const deep = await there.below('src/deep').lint('--json', '.')
    expect(JSON.parse(deep.out)).toMatchObject({ total: { new: 1, known: 0, gone: 0 } })

    const refused = await below.lint('--baseline')
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toMatch(
      /\.\.\/\.telltale-lint\.json holds what is known of src, .* cd \.\., and telltale/,
    )
    expect(there.read('.telltale-lint.json')).toBe(recorded)

    expect((await below.lint('--prune')).err).toContain('../.telltale-lint.json has 1 finding in 1 file')
    expect(there.read('.telltale-lint.json')).toContain('lib/b.js')
    expect(there.read('.telltale-lint.json')).not.toContain('src/a.js')

    expect((await below.lint('--baseline', '.telltale-lint.json')).code).toBe(0)
    expect(there.read('src/.telltale-lint.json')).toContain('"deep/c.js"')
    expect((await below.lint()).code).toBe(0)
  })

  test('the baseline of another repository is not looked for', async () => {
    const there = withRules({ 'inner/.git/HEAD': '', 'inner/src/a.js': swallowed })
    await there.lint('--baseline')
    const { code, out } = await there.below('inner').lint()
    expect(code).toBe(1)
    expect(out).toContain('There is no baseline.')
  })
})

test('an editor may have given the baseline a byte order mark', async () => {
  const there = project(['oxlint', 'plugin'], { ...configs, 'src/a.js': swallowed })
  await there.lint('--baseline')
  there.write({ '.telltale-lint.json': `\uFEFF${there.read('.telltale-lint.json')}` })
  expect(await there.lint()).toMatchObject({ code: 0, err: '' })
})
