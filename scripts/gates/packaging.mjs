import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { npm } from '../ready/install.mjs'
import { root } from '../ready/root.mjs'
import { run } from '../ready/run.mjs'
import { withTarball } from './tarball.mjs'
import { program, readJson } from './tools.mjs'

// What consumer.ts imports beside the SDK, and the types all of it needs.
const companions = ['fastify', 'express', 'pg', '@types', 'undici-types']
const installFlags = ['--offline', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
const compilers = [
  // TypeScript 7 no longer knows node10; users of 5.9 do.
  { typescript: 'typescript-5', module: 'commonjs', moduleResolution: 'node10', files: ['consumer.ts'] },
  {
    typescript: 'typescript-5',
    module: 'node16',
    moduleResolution: 'node16',
    files: ['consumer.mts', 'consumer.cts'],
  },
  {
    typescript: 'typescript-5',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    files: ['consumer.mts', 'consumer.cts'],
  },
  {
    typescript: 'typescript',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    files: ['consumer.mts', 'consumer.cts'],
  },
  { typescript: 'typescript', module: 'esnext', moduleResolution: 'bundler', files: ['consumer.ts'] },
]

export async function check() {
  const consumer = mkdtempSync(join(tmpdir(), 'telltale-consumer-'))
  try {
    return await withTarball(async ({ file }) => {
      const problems = [
        ...(await program('publint/src/cli.js', ['run', file, '--strict'])),
        ...(await program('@arethetypeswrong/cli/dist/index.js', [file, '--no-color', '--no-emoji'])),
        ...(await consume(file, consumer)),
        ...(await withTarball((cli) => command(file, cli.file, consumer), '@telltale/cli')),
        ...(await withTarball((lint) => plugin(lint.file, consumer), 'eslint-plugin-telltale')),
      ]
      return {
        note: 'publint, attw, ESM, CommonJS, Jest, tsc node10 node16 nodenext bundler, the command, the lint plugin',
        problems,
      }
    })
  } finally {
    rmSync(consumer, { recursive: true, force: true })
  }
}

/** Both tarballs installed together, and the command run by its name. */
async function command(sdk, cli, consumer) {
  const folder = join(consumer, 'command')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "command", "private": true }')
  const installed = await npm(['install', ...installFlags, sdk, cli], { cwd: folder })
  if (installed.code !== 0) return [`the command's tarball does not install:\n${installed.output}`]
  writeFileSync(join(folder, 'app.log'), '{"level":30,"time":1,"msg":"drawn"}\n')
  const drawn = await run(join(folder, 'node_modules/.bin/telltale'), ['pretty', 'app.log'], { cwd: folder })
  return [
    ...(await program('publint/src/cli.js', ['run', cli, '--strict'])),
    ...(drawn.code === 0 && /info +drawn\n?$/.test(drawn.output)
      ? []
      : [`the packed telltale pretty ends with ${drawn.code}:\n${drawn.output}`]),
  ]
}

/** The tarball of the lint plugin installed as users do, and what it finds in both hosts by the configs that it brings. */
async function plugin(tarball, consumer) {
  const folder = join(consumer, 'plugin')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "plugin", "private": true }')
  const installed = await npm(['install', ...installFlags, '--omit=peer', tarball], { cwd: folder })
  if (installed.code !== 0) return [`the lint plugin's tarball does not install:\n${installed.output}`]
  writeFileSync(
    join(folder, 'silent.mjs'),
    'export async function f(id) {\n  try {\n    await send(id)\n  } catch {}\n}\n',
  )
  writeFileSync(
    join(folder, 'eslint.config.cjs'),
    "module.exports = require('eslint-plugin-telltale').configs.recommended",
  )
  writeFileSync(
    join(folder, '.oxlintrc.json'),
    '{ "extends": ["./node_modules/eslint-plugin-telltale/dist/oxlint/recommended.json"] }',
  )
  const hosts = { ESLint: 'eslint/bin/eslint.js', oxlint: 'oxlint/bin/oxlint' }
  const said = await Promise.all(
    Object.entries(hosts).map(async ([host, script]) => {
      const [output = 'nothing'] = await program(script, ['silent.mjs'], { cwd: folder })
      return /telltale[/(]no-silent-catch/.test(output)
        ? []
        : [`the packed lint plugin finds no silent catch in ${host}:\n${output}`]
    }),
  )
  return [
    ...(await program('publint/src/cli.js', ['run', tarball, '--strict'])),
    ...(await program('@arethetypeswrong/cli/dist/index.js', [
      tarball,
      ...['--no-color', '--no-emoji', '--profile', 'esm-only'],
    ])),
    ...said.flat(),
  ]
}

async function consume(tarball, folder) {
  const here = join(root, 'scripts/gates/consumer')
  for (const name of readdirSync(here)) cpSync(join(here, name), join(folder, name))
  for (const name of ['consumer.mts', 'consumer.cts']) cpSync(join(here, 'consumer.ts'), join(folder, name))
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true }')
  const installed = await npm(['install', ...installFlags, tarball], { cwd: folder })
  if (installed.code !== 0) return [`the tarball does not install:\n${installed.output}`]

  // First alone, as installed: no framework is there to lean on.
  const problems = []
  const entries = Object.keys(readJson('packages/telltale/package.json').exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => join('telltale', entry))
  const imports = await run(process.execPath, ['imports.mjs', ...entries], { cwd: folder })
  if (imports.code !== 0) problems.push(`importing the packed SDK:\n${imports.output}`)

  for (const name of companions) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link)
  }
  const jest = await program(
    'jest/bin/jest.js',
    ['--rootDir', folder, '--ci', '--testMatch', '**/*.test.cjs'],
    {
      cwd: folder,
    },
  )
  problems.push(...jest.map((said) => `under Jest:\n${said}`))
  for (const { typescript, module, moduleResolution, files } of compilers) {
    const said = await program(
      join(typescript, 'bin/tsc'),
      [
        ...'--noEmit --strict --target es2022 --types node --esModuleInterop --pretty false'.split(' '),
        ...['--module', module, '--moduleResolution', moduleResolution],
        ...files,
      ],
      { cwd: folder },
    )
    problems.push(
      ...said.map((text) => `${typescript}, module ${module}, resolution ${moduleResolution}:\n${text}`),
    )
  }
  return problems
}
