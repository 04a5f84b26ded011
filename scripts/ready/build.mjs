import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contentsOf, outlineOf } from './fingerprint.mjs'
import { Failure } from './progress.mjs'
import { replaceFolder } from './replace-folder.mjs'
import { root } from './root.mjs'
import { run } from './run.mjs'

const toolchain = ['package-lock.json', 'tsconfig.base.json', 'scripts/ready']
const sdk = [
  'packages/telltale/src',
  'packages/telltale/package.json',
  'packages/telltale/build.mjs',
  'packages/telltale/tsconfig.build.json',
]

/** What is built, in this order: the example compiles against the SDK's types. */
export const builds = [
  {
    name: 'telltale',
    inputs: [...toolchain, ...sdk],
    output: 'packages/telltale/dist',
    build: () => run(process.execPath, ['packages/telltale/build.mjs']),
  },
  {
    name: 'cli',
    // The SDK is not bundled: its sources don't count.
    inputs: [...toolchain, 'packages/cli/src', 'packages/cli/package.json', 'packages/cli/build.mjs'],
    output: 'packages/cli/dist',
    build: () => run(process.execPath, ['packages/cli/build.mjs']),
  },
  {
    name: 'eslint-plugin',
    inputs: [
      ...toolchain,
      'packages/eslint-plugin/src',
      'packages/eslint-plugin/package.json',
      'packages/eslint-plugin/build.mjs',
    ],
    output: 'packages/eslint-plugin/dist',
    build: () => run(process.execPath, ['packages/eslint-plugin/build.mjs']),
  },
  {
    name: 'assessments',
    inputs: [...toolchain, ...sdk, 'examples/assessments'],
    output: 'examples/assessments/dist',
    build: () => compile('examples/assessments'),
  },
]

export function isBuilt({ name, inputs, output }) {
  const stamp = stampOf(name)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === `${contentsOf(inputs)} ${outlineOf(output)}`
}

/** Throws a `Failure` with the compiler's words. The former output stays in place then. */
export async function build({ name, inputs, output, build: make }) {
  const stamp = stampOf(name)
  rmSync(stamp, { force: true })
  // Taken first: a source saved during the build must count as changed afterwards.
  const contents = contentsOf(inputs)
  const { code, output: said } = await make()
  if (code !== 0) throw new Failure(`${name} does not build:\n\n${said.trim()}`)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, `${contents} ${outlineOf(output)}`)
}

async function compile(folder) {
  // As deep as the output itself: source maps name their sources from where they lie.
  const next = join(root, folder, '.dist')
  rmSync(next, { recursive: true, force: true })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const result = await run(process.execPath, [tsc, '-p', join(folder, 'tsconfig.json'), '--outDir', next])
  if (result.code === 0) replaceFolder(next, join(root, folder, 'dist'))
  return result
}

/** In node_modules, so that a new install builds anew, and never in the output, which is packed. */
function stampOf(name) {
  return join(root, 'node_modules/.telltale', `${name}.built`)
}
