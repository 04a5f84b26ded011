import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint, type Linter } from 'eslint'
import { defineConfig } from 'eslint/config'
import { defineConfig as defineConfig9 } from 'eslint-9/config'
import plugin, { type Config } from 'eslint-plugin-telltale'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { levels } from '../src/configs.js'
import { rules } from '../src/rules/registry.js'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const ids = Object.keys(rules)

let folder: string
beforeEach(() => (folder = mkdtempSync(join(realpathSync(tmpdir()), 'telltale-configs-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('every config has every rule that is not as everywhere, and none else', () => {
  const named = (config: Config | undefined) => Object.keys(config?.rules ?? {}).toSorted()
  const all = ids.map((id) => `telltale/${id}`).toSorted()
  expect(named(plugin.configs.recommended[0])).toEqual(all)
  expect(named(plugin.configs.strict[0])).toEqual(all)
  for (const name of ['tests', 'scripts', 'migrations'] as const) {
    const softer = Object.entries(levels).filter(([, row]) => row[name] !== 'same')
    expect(named(plugin.configs[name])).toEqual(softer.map(([id]) => `telltale/${id}`).toSorted())
    expect(plugin.configs[name].files, 'for paths of the user').toBeUndefined()
  }
})

test('strict has every rule as an error, recommended none off', () => {
  for (const { recommended, strict } of Object.values(levels)) {
    expect([strict].flat()[0]).toBe('error')
    expect([recommended].flat()[0]).not.toBe('off')
  }
})

test('the configs are what defineConfig takes, by name or as they are, and by require()', async () => {
  const whole: Linter.Config[] = defineConfig(plugin.configs.recommended)
  const named = defineConfig({ plugins: { telltale: plugin }, extends: ['telltale/strict'] })
  const moved = defineConfig9(plugin.configs.strict, {
    files: ['tasks/**'],
    extends: [plugin.configs.scripts],
  })
  const required = createRequire(import.meta.url)('eslint-plugin-telltale') as typeof plugin
  expect(Object.keys(required.rules)).toEqual(Object.keys(plugin.rules))
  const level = async (config: unknown, file: string) => {
    const eslint = new ESLint({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: config as Linter.Config[],
    })
    return (await eslint.calculateConfigForFile(join(folder, file))).rules['telltale/no-console'][0]
  }
  expect(await level(whole, 'src/a.js')).toBe(1)
  expect(await level(whole, 'src/a.test.js')).toBe(0)
  expect(await level(named, 'src/a.js')).toBe(2)
  expect(await level(named, 'scripts/a.js')).toBe(0)
  expect(await level(moved, 'src/tasks/a.js')).toBe(2)
  expect(await level(moved, 'tasks/a.js')).toBe(0)
  expect(
    await level([...plugin.configs.strict, { ...plugin.configs.tests, files: ['**/*.js'] }], 'a.js'),
  ).toBe(0)
})

test('data beside tests is not linted for it', async () => {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: plugin.configs.recommended as Linter.Config[],
  })
  for (const path of ['test/page.html', 'test/data.ts', 'scripts/run.sh', 'migrations/1.sql'])
    expect(await eslint.isPathIgnored(join(folder, path)), path).toBe(true)
})

// Finds something of every rule that has a level of its own somewhere.
const code = `import pino from 'pino'
const log = pino()
export async function handle(job) {
  const user = await users.find(job.id)
  if (!user) return
  await mailer.send(user)
  console.log('sent')
  log.info(\`sent \${job.id}\`)
  log.info({ password: user.password }, 'signed in')
  try {
    await mailer.send(user)
  } catch {}
  try {
    await mailer.send(user)
  } catch (error) {
    log.error(error.message)
    throw error
  }
}
`
const paths = [
  'src/a.mjs',
  'src/deep/a.test.mjs',
  'test/a.mjs',
  'src/__tests__/a.mjs',
  'scripts/a.mjs',
  'build.config.mjs',
  'db/migrations/1.mjs',
]

describe.each(['recommended', 'strict'] as const)('%s', (name) => {
  test('is the same in both hosts', async () => {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), code)
    }
    const eslint = new ESLint({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: plugin.configs[name] as Linter.Config[],
    })
    const results = await eslint.lintFiles(paths)
    const expected = results.flatMap(({ filePath, messages }) =>
      messages.map(
        ({ ruleId, severity, line }) =>
          `${relative(folder, filePath)}:${line} ${ruleId} ${severity === 2 ? 'error' : 'warning'}`,
      ),
    )
    expect(await oxlintSays(`packages/eslint-plugin/dist/oxlint/${name}.json`)).toEqual(expected.toSorted())
    expect(expected.length).toBeGreaterThan(15)
  })
})

async function oxlintSays(config: string): Promise<string[]> {
  writeFileSync(
    join(folder, '.oxlintrc.json'),
    JSON.stringify({
      extends: [relative(folder, join(root, config))],
      plugins: [],
      categories: { correctness: 'off' },
    }),
  )
  const said = await new Promise<string>((done) => {
    execFile(
      process.execPath,
      [join(root, 'node_modules/oxlint/bin/oxlint'), '-f', 'json', '.'],
      { cwd: folder },
      (_error, stdout) => done(stdout),
    )
  })
  const { diagnostics } = JSON.parse(said) as {
    diagnostics: {
      code: string
      severity: string
      filename: string
      labels: { span: { line: number } }[]
    }[]
  }
  return diagnostics
    .map(
      ({ code: rule, severity, filename, labels }) =>
        `${filename}:${labels[0]?.span.line} ${rule.replace(/\((.*)\)/, '/$1')} ${severity}`,
    )
    .toSorted()
}

test('the packed oxlint configs are what the table says', () => {
  for (const name of ['recommended', 'strict'] as const) {
    const built = JSON.parse(
      readFileSync(join(root, `packages/eslint-plugin/dist/oxlint/${name}.json`), 'utf8'),
    ) as { rules: Record<string, unknown> }
    expect(built.rules).toEqual(
      Object.fromEntries(Object.entries(levels).map(([id, row]) => [`telltale/${id}`, row[name]])),
    )
  }
})
