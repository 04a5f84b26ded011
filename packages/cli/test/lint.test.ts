import plugin from 'eslint-plugin-telltale'
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

const ruleIds = Object.keys(plugin.rules)

interface Report {
  readonly total: Record<string, number>
  readonly rules: Record<string, Record<string, number>>
  readonly new: readonly { readonly file: string; readonly line: number; readonly rule: string }[]
  readonly suppressed: readonly unknown[]
}

describe.each(hosts)('with %s', (host, has) => {
  const withRules = (files: Record<string, string>) => project(has, { ...configs, ...files })
  type Project = ReturnType<typeof withRules>
  const report = async ({ lint }: Project, ...args: string[]) => {
    const { code, out, err } = await lint('--json', ...args)
    expect(err).toBe('')
    return { code, ...(JSON.parse(out) as Report) }
  }

  test('fails on what is there, and after --baseline on what is new alone', async () => {
    const there = withRules({ 'src/orders.js': swallowed })
    const first = await there.lint()
    expect(first.code).toBe(1)
    expect(first.out).toMatch(/src\/orders\.js\n +3:3 +error .* no-silent-catch\n/)
    expect(first.out).toContain('There is no baseline.')
    expect(first.out).toContain(host)

    const recorded = await there.lint('--baseline')
    expect(recorded).toMatchObject({ code: 0, out: '' })
    expect(recorded.err).toBe('telltale lint: .telltale-lint.json has 1 finding in 1 file.\n')
    const second = await there.lint()
    expect(second.code).toBe(0)
    expect(second.out).toContain('Nothing new; still there: 1 known.')

    there.write({ 'src/users.js': "console.log('signed in')\n" })
    const third = await there.lint()
    expect(third.code).toBe(1)
    expect(third.out).toMatch(/^src\/users\.js\n +1:1 +warning .* no-console\n/)
    expect(third.out).not.toContain('orders.js')
    expect(await there.lint('--quiet')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 new warning') as string,
    })
  })

  test('knows a finding again after lines have moved, been indented, and the same came twice', async () => {
    const there = withRules({ 'src/orders.js': swallowed })
    await there.lint('--baseline')
    there.write({ 'src/orders.js': `// The orders.\n\n{\n${swallowed.replace(/^/gm, '  ')}}\n` })
    expect(await report(there)).toMatchObject({ code: 0, total: { new: 0, known: 1, gone: 0 } })
    there.write({ 'src/orders.js': swallowed + swallowed })
    expect(await report(there)).toMatchObject({ code: 1, total: { new: 1, known: 1, gone: 0 } })
    there.write({ 'src/orders.js': swallowed.replace('orders.close', 'orders.open') })
    expect(await report(there)).toMatchObject({ code: 1, total: { new: 1, known: 0, gone: 1 } })
  })

  test('says what is gone, and --prune keeps it so', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'src/b.js': swallowed })
    await there.lint('--baseline')
    there.write({ 'src/a.js': '', 'src/c.js': "console.log('new')\n" })
    there.remove('src/b.js')
    const { out } = await there.lint()
    expect(out).toMatch(/no-silent-catch +0 +0 +2\n/)
    expect(out).toContain('2 recorded findings gone. Keep it so: telltale lint --prune\n')
    const pruned = await there.lint('--prune')
    expect(pruned.err).toContain('0 findings in 0 files, 2 fewer than before. What is new is not in it.')
    expect(pruned.code).toBe(1)
    expect(pruned.out).not.toContain('Keep it so')
    there.write({ 'src/a.js': swallowed })
    expect(await report(there)).toMatchObject({ code: 1, total: { new: 2, known: 0, gone: 0 } })
  })

  test('asks after a rule of which nothing is left', async () => {
    const there = withRules({ 'src/a.js': "console.log('a')\n".repeat(10) })
    await there.lint('--baseline')
    there.write({ 'src/a.js': '// eslint-disable-line\n' })
    expect((await there.lint()).out).toContain(
      'Not one finding of no-console is left of 10: is the rule still on?',
    )
  })

  test('a baseline is the same bytes each time, sorted, without the machine in it', async () => {
    const there = withRules({ 'src/b.js': swallowed, 'src/a.js': `console.log('a')\n${swallowed}` })
    await there.lint('--baseline')
    const text = there.read('.telltale-lint.json')
    await there.lint('--baseline')
    expect(there.read('.telltale-lint.json')).toBe(text)
    expect(text).not.toContain(there.folder)
    expect(text.match(/"src\/[^"]*|"no-[^"]*/g)).toEqual([
      '"src/a.js',
      '"no-console',
      '"no-silent-catch',
      '"src/b.js',
      '"no-silent-catch',
    ])
  })

  test('follows a file that keeps its name or its folder', async () => {
    const there = withRules({ 'src/orders.js': swallowed, 'src/users.js': `console.log('a')\n${swallowed}` })
    await there.lint('--baseline')
    for (const path of ['src/orders.js', 'src/users.js']) there.remove(path)
    there.write({
      'src/shop/orders.js': swallowed,
      'src/accounts.js': `console.log('b')\n${swallowed}`,
    })
    const told = await report(there)
    expect(told).toMatchObject({
      code: 1,
      total: { new: 1, known: 2, gone: 1 },
      renamed: { 'src/orders.js': 'src/shop/orders.js', 'src/users.js': 'src/accounts.js' },
      new: [{ file: 'src/accounts.js', line: 1, rule: 'no-console' }],
    })
    await there.lint('--prune')
    expect(there.read('.telltale-lint.json')).toContain('src/shop/orders.js')
  })

  test('a suppression is counted with its reason, and a finding without one', async () => {
    const there = withRules({
      'src/a.js': `// eslint-disable-next-line telltale/no-console -- a person reads it
console.log('a')
// eslint-disable-next-line telltale/no-console
console.log('b')
const text = 'eslint-disable-next-line telltale/no-console'
// eslint-disable-next-line no-console
send(text)
`,
      'src/b.js': "/* eslint-disable */\nconsole.log('b')\n",
    })
    const told = await report(there)
    expect(told).toMatchObject({ code: 1, total: { new: 2, suppressed: 1 } })
    expect(told.suppressed).toEqual([
      { file: 'src/a.js', line: 1, rules: ['no-console'], reason: 'a person reads it' },
    ])
    expect(told.new.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      'src/a.js:3 suppression-without-reason',
      'src/b.js:1 suppression-without-reason',
    ])
    await there.lint('--baseline')
    const { code, out } = await there.lint()
    expect(code).toBe(0)
    expect(out).toContain(
      'Suppressed, with a reason:\n  src/a.js:1  no-console: a person reads it\n\nNothing new; still there: 2 known, 1 suppressed.',
    )
  })

  test('a path is linted alone, and what is elsewhere is neither new nor gone', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'src/b.js': swallowed })
    await there.lint('--baseline')
    there.write({ 'src/a.js': `console.log('a')\n`, 'src/b.js': `console.log('b')\n` })
    const told = await report(there, 'src/a.js')
    expect(told).toMatchObject({ code: 1, files: 1, total: { new: 1, known: 0, gone: 1 } })
  })

  test('no file at all is no pass', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'data/a.txt': '' })
    for (const path of ['data', 'data/a.txt', 'none'])
      expect(await there.lint(path), path).toMatchObject({ code: 2, out: '' })
  })

  test('a folder below has a baseline of its own', async () => {
    const there = withRules({ 'services/a/src/a.js': swallowed })
    const below = there.below('services/a')
    expect((await below.lint('--baseline')).code).toBe(0)
    expect(there.read('services/a/.telltale-lint.json')).toContain('"src/a.js"')
    expect((await below.lint()).code).toBe(0)
  })

  test('a file that is not linted any more is not taken for a better one', async () => {
    const there = withRules({ 'src/a.js': swallowed, 'src/b.js': swallowed })
    await there.lint('--baseline')
    there.write({
      '.oxlintrc.json': JSON.stringify({
        ...(JSON.parse(configs['.oxlintrc.json']) as object),
        ignorePatterns: ['src/a.js'],
      }),
      'eslint.config.js': configs['eslint.config.js'].replace('[...', "[{ ignores: ['src/a.js'] }, ..."),
    })
    expect(await report(there)).toMatchObject({ code: 0, total: { known: 1, gone: 0, unlinted: 1 } })
  })

  test('a file that can not be parsed leaves no verdict, and nothing is recorded', async () => {
    const there = withRules({ 'src/a.js': swallowed })
    await there.lint('--baseline')
    const before = there.read('.telltale-lint.json')
    there.write({ 'src/a.js': 'const a = ;\n' })
    const { code, out } = await there.lint()
    expect(code).toBe(2)
    expect(out).toMatch(/src\/a\.js:1 +can't be linted: /)
    expect(out).toMatch(/total +0 +0 +0\n/)
    for (const task of ['--baseline', '--prune']) {
      const refused = await there.lint(task)
      expect(refused.code).toBe(2)
      expect(refused.err).toMatch(/nothing was (recorded|pruned): src\/a\.js:1 can't be linted/)
    }
    expect(there.read('.telltale-lint.json')).toBe(before)
  })

  test('a baseline that can not be read is said to be so, and is left alone', async () => {
    const there = withRules({ 'src/a.js': swallowed })
    for (const [text, said] of [
      ['{ "telltale_lint_baseline": 2 }', /made in format 2, this telltale reads format 1/],
      ['<<<<<<< ours\n{}', /is no JSON: .* It has the marks of a merge conflict\./],
      ['{ "name": "shop" }', /is no baseline of telltale lint/],
      ['{ "telltale_lint_baseline": 1, "plugin": "1", "findings": { "a": 1 } }', /is damaged/],
    ] as const) {
      there.write({ '.telltale-lint.json': text })
      const { code, out, err } = await there.lint()
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(said)
    }
    there.write({ 'data.json': '{}' })
    expect((await there.lint('--baseline', 'data.json')).code).toBe(2)
    expect(there.read('data.json')).toBe('{}')
    expect((await there.lint('--against', 'none.json')).err).toContain(
      `there is no none.json in ${there.folder}`,
    )
    expect((await there.lint('--baseline', 'known.json')).code).toBe(0)
    expect((await there.lint('--against', 'known.json')).code).toBe(0)
  })

  test('rules that are not set up are said to be so', async () => {
    const empty = { '.oxlintrc.json': '{}', 'eslint.config.js': 'export default []' }
    const without = project(has, { 'src/a.js': swallowed, ...empty })
    expect(await without.lint()).toMatchObject({
      code: 2,
      err: expect.stringMatching(/switches on no rule of eslint-plugin-telltale\. Add it in /) as string,
    })
    const missing = project(
      has.filter((one) => one !== 'plugin'),
      { 'src/a.js': swallowed, ...configs },
    )
    expect(await missing.lint()).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /eslint-plugin-telltale is not installed in .*: npm install --save-dev eslint-plugin-telltale/,
      ) as string,
    })
  })

  test('a clean project passes while a rule is on for one of its files, and only then', async () => {
    const setup = (rules: object, ...overrides: readonly (readonly [glob: string, rules: object])[]) => ({
      '.oxlintrc.json': JSON.stringify({
        jsPlugins: ['./node_modules/eslint-plugin-telltale/dist/index.js'],
        rules,
        overrides: overrides.map(([glob, ofThem]) => ({ files: [glob], rules: ofThem })),
      }),
      'eslint.config.js': `import telltale from 'eslint-plugin-telltale'
export default [
  { plugins: { telltale }, rules: ${JSON.stringify(rules)} },
  ...${JSON.stringify(overrides)}.map(([glob, rules]) => ({ files: [glob], rules })),
]
`,
    })
    const off = Object.fromEntries(ruleIds.map((id) => [`telltale/${id}`, 'off']))
    const [on, warn] = [{ 'telltale/no-console': 'error' }, { 'telltale/no-console': 'warn' }]
    const extended = {
      '.oxlintrc.json': JSON.stringify({ ...JSON.parse(configs['.oxlintrc.json']), rules: off }) as string,
      'eslint.config.js': configs['eslint.config.js'].replace(
        ']\n',
        `, { rules: ${JSON.stringify(off)} }]\n`,
      ),
    }
    for (const [name, config, expected] of [
      ['extended', configs, 0],
      ['extended, and all off', extended, 2],
      ['one on', setup(on), 0],
      ['one warns', setup(warn), 0],
      ['one off', setup({ 'telltale/no-console': 'off' }), 2],
      ['none named', setup({}), 2],
      ['on for some', setup({}, ['src/**', on]), 0],
      ['on for none that is there', setup({}, ['lib/**', on]), 2],
      ['off for all that are there', setup(on, ['src/**', off]), 2],
    ] as const) {
      const there = project(has, { 'src/a.js': 'send()\n', ...config })
      const { code, err } = await there.lint('src')
      expect({ name, code, err }).toEqual({
        ...{ name, code: expected },
        err: expected === 0 ? '' : (expect.stringContaining('switches on no rule') as string),
      })
      there.write({ 'src/a.js': "console.log('a')\n" })
      expect((await there.lint('src')).code, name).toBe(expected === 0 ? 1 : 2)
    }
  })

  test('the words of another version of the rules are not compared, their lines are', async () => {
    const there = withRules({ 'src/a.js': swallowed })
    await there.lint('--baseline')
    const text = there.read('.telltale-lint.json')
    const older = text.replace(/"plugin": "[^"]*"/, '"plugin": "0.0.1"').replace('nobody hears', 'none hears')
    there.write({ '.telltale-lint.json': older })
    const { code, out } = await there.lint()
    expect(code).toBe(0)
    expect(out).toContain('was recorded by eslint-plugin-telltale 0.0.1')
    await there.lint('--prune')
    expect(there.read('.telltale-lint.json')).toBe(text)
    there.write({ '.telltale-lint.json': text.replace('nobody hears', 'none hears') })
    expect(await report(there)).toMatchObject({ code: 1, total: { new: 1, gone: 1 } })
  })
})

test('both hosts make and read the same baseline', async () => {
  const there = project(['ESLint 10', 'oxlint', 'plugin'], {
    ...configs,
    'src/a.js': `const ä = 1; console.log('ä')\n${swallowed}// eslint-disable-line telltale/no-console\n`,
    'src/marked.js': "\uFEFFconsole.log('a'); console.log('b')\n",
    'src/separated.js': "const a = `\u2028ä`; send(a)\u2029console.log('c')\rconsole.log('d')\n",
    'src/one-sided.js': [
      '// oxlint-disable telltale/no-console',
      '// eslint-disable telltale/no-silent-catch',
      '/* eslint telltale/no-silent-return: off */',
      '// oxlint-disable-line no-eval telltale/no-console -- why',
    ].join('\n'),
  })
  const made = await Promise.all(
    ['eslint', 'oxlint'].map(async (host) => {
      await there.lint('--host', host, '--baseline', `${host}.json`)
      const { out } = await there.lint('--host', host, '--json')
      return [there.read(`${host}.json`), (JSON.parse(out) as Report).new]
    }),
  )
  expect(made[0]).toEqual(made[1])
  expect((await there.lint('--host', 'oxlint', '--against', 'eslint.json')).code).toBe(0)
})

test('the host is the one whose configuration names the rules', async () => {
  const both = ['ESLint 10', 'oxlint', 'plugin'] as const
  const hostOf = async (files: Record<string, string>) => {
    const { out, err } = await project(both, { 'src/a.js': swallowed, ...files }).lint('--json')
    return err || (JSON.parse(out) as { host: { name: string } }).host.name
  }
  expect(await hostOf(configs)).toBe('oxlint')
  expect(await hostOf({ ...configs, '.oxlintrc.json': '{}' })).toBe('ESLint')
  expect(await hostOf({ 'eslint.config.js': configs['eslint.config.js'] })).toBe('ESLint')
  expect(await hostOf({ ...configs, 'eslint.config.js': 'export default []' })).toBe('oxlint')
})

test('a configuration of their own keeps the rules out of the usual run', async () => {
  const there = project(['ESLint 10', 'oxlint', 'plugin'], {
    'src/a.js': swallowed,
    '.oxlintrc.json': '{}',
    'eslint.config.js': 'export default []',
    'telltale.oxlintrc.json': configs['.oxlintrc.json'],
    'telltale.eslint.config.js': configs['eslint.config.js'],
  })
  for (const [config, host] of [
    ['telltale.oxlintrc.json', 'oxlint'],
    ['telltale.eslint.config.js', 'ESLint'],
  ] as const) {
    const { code, out } = await there.lint('--config', config, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ host: { name: host }, total: { new: 1 } })
  }
})

test('no host, the wrong host and a wrong call are errors that say what to do', async () => {
  const none = project(['plugin'], { 'src/a.js': swallowed })
  expect(await none.lint()).toMatchObject({
    code: 2,
    err: expect.stringContaining('neither ESLint nor oxlint is installed in ') as string,
  })
  const { lint } = project(['oxlint', 'plugin'], { ...configs, 'src/a.js': swallowed })
  expect((await lint('--host', 'eslint')).err).toContain('ESLint is not installed in ')
  expect((await lint('--host', 'oxlnt')).err).toContain('got "oxlnt". Did you mean oxlint?')
  expect((await lint('--basline')).err).toContain('Did you mean --baseline?')
  for (const args of [
    ['--baseline', 'src'],
    ['--baseline', '--prune'],
    ['--prune', 'src'],
    ['--baseline', '--against=a.json'],
  ])
    expect(await lint(...args), args.join(' ')).toMatchObject({ code: 2, out: '' })
  expect(await lint('--help')).toMatchObject({ code: 0, err: '' })
})

test('a host that is too old is said to be so', async () => {
  for (const [name, version, needed] of [
    ['oxlint', '1.83.0', 'oxlint 1.84 or newer'],
    ['eslint', '9.21.0', 'ESLint 9.22 or newer'],
  ] as const) {
    const there = project(['plugin'], {
      ...configs,
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
    })
    const { code, err } = await there.lint()
    expect(code).toBe(2)
    expect(err).toContain(`${version} can't run these rules: it takes ${needed}.`)
  }
})

test('what is unforeseen is no verdict', async () => {
  const there = project(['plugin'], {
    ...configs,
    'src/a.js': swallowed,
    'node_modules/oxlint/package.json': '{ "version": "1.89.0" }',
    'node_modules/oxlint/bin/oxlint': 'console.log(\'{ "diagnostics": [\')',
    'node_modules/eslint/package.json': '{ "version": "10.0.0", "main": "none.js" }',
  })
  expect(await there.lint('--host', 'oxlint')).toMatchObject({
    code: 2,
    err: 'telltale lint: oxlint 1.89.0 could not lint: its output broke off.\n',
  })
  expect((await there.lint('--host', 'eslint')).code).toBe(2)
})

test('a suppression that nothing needs any more is no broken file', async () => {
  const there = project(['oxlint', 'plugin'], {
    '.oxlintrc.json': configs['.oxlintrc.json'].replace(
      '{',
      '{ "options": { "reportUnusedDisableDirectives": "error" }, ',
    ),
    'src/a.js': '// oxlint-disable-next-line telltale/no-console -- it was there\nsend()\n',
  })
  const { code, out } = await there.lint()
  expect(code).toBe(0)
  expect(out).toContain('Nothing found; still there: 1 unused suppression.')
})

test('a host that can not run is quoted', async () => {
  const broken = { 'eslint.config.js': 'export default [{ plugins: 1 }]', '.oxlintrc.json': '{ "rules": 1 }' }
  for (const [host, has] of hosts) {
    const { code, out, err } = await project(has, { 'src/a.js': swallowed, ...broken }).lint()
    expect({ code, out }, host).toEqual({ code: 2, out: '' })
    expect(err).toContain('could not lint: ')
  }
})

test('what ESLint holds back in bulk is counted apart, and not fought', async () => {
  const there = project(['ESLint 10', 'plugin'], { ...configs, 'src/a.js': swallowed + swallowed })
  const bulk = (count: number) =>
    there.write({
      'eslint-suppressions.json': JSON.stringify({ 'src/a.js': { 'telltale/no-silent-catch': { count } } }),
    })
  bulk(2)
  const held = await there.lint()
  expect(held.code).toBe(0)
  expect(held.out).toContain('2 suppressed in bulk by eslint-suppressions.json')
  expect(held.out).not.toContain('passed')
  await there.lint('--baseline')
  expect(there.read('.telltale-lint.json')).toContain('"findings": {}')
  // One more than ESLint allows, and it tells of all.
  bulk(1)
  expect((await there.lint()).code).toBe(1)
  const lines = JSON.parse((await there.lint('--json')).out) as Report
  expect(lines.total).toMatchObject({ new: 2, bulk: 0 })
})
