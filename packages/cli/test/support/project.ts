import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')
const bin = join(root, 'packages/cli/bin/telltale.js')

/** Packages of this repository that a project can have, by the names under which it has them. */
const packages = {
  oxlint: ['oxlint', 'oxlint'],
  'ESLint 10': ['eslint', 'eslint'],
  'ESLint 9': ['eslint', 'eslint-9'],
  plugin: ['eslint-plugin-telltale', 'eslint-plugin-telltale'],
} as const

export type Package = keyof typeof packages

/** A configuration of each host that has our rules. */
export const configs = {
  '.oxlintrc.json': JSON.stringify({
    extends: ['./node_modules/eslint-plugin-telltale/dist/oxlint/recommended.json'],
  }),
  'eslint.config.js': `import telltale from 'eslint-plugin-telltale'\nexport default [...telltale.configs.recommended]\n`,
}

export type Files = Readonly<Record<string, string>>

/** A folder outside of the checkout with these files and packages, gone when the test has ended. */
export function project(has: readonly Package[], files: Files) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'telltale-lint-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const write = (more: Files) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
  write({ 'package.json': '{ "type": "module" }', ...files })
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  for (const one of has) {
    const [name, installed] = packages[one]
    symlinkSync(join(root, 'node_modules', installed), join(folder, 'node_modules', name))
  }
  return {
    folder,
    write,
    remove: (path: string) => rmSync(join(folder, path)),
    read: (path: string) => readFileSync(join(folder, path), 'utf8'),
    lint: (...args: string[]) => lint(folder, args),
    below: (path: string) => ({ lint: (...args: string[]) => lint(join(folder, path), args) }),
  }
}

async function lint(folder: string, args: readonly string[]) {
  const child = spawn(process.execPath, [bin, 'lint', ...args], { cwd: folder, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  const [code] = await once(child, 'close')
  return { code: code as number, out, err }
}
