import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import parser from '@typescript-eslint/parser'
import { Linter as Linter10 } from 'eslint'
import { Linter as Linter9 } from 'eslint-9'
import plugin from 'eslint-plugin-telltale'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')
const built = join(root, 'packages/eslint-plugin/dist/index.js')
const oxlintCommand = join(root, 'node_modules/oxlint/bin/oxlint')

/** Files that are linted by the same rules, in a folder of their own. */
export interface Batch {
  readonly rules: Readonly<Record<string, unknown>>
  readonly settings?: object | undefined
  readonly files: readonly { readonly path: string; readonly code: string }[]
}

export interface Finding {
  readonly rule: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** What was found, and what went wrong on the way, by `<number of the batch>/<path>`. */
export interface Findings {
  readonly found: Map<string, Finding[]>
  readonly broken: string[]
}

/** Writes the batches to a new folder and removes it when `use` has ended. */
export async function withFiles<Result>(
  batches: readonly Batch[],
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  // Outside of the checkout, whose ignore files name what is temporary.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'telltale-hosts-'))
  try {
    for (const [index, { rules, settings, files }] of batches.entries()) {
      const own = join(folder, String(index))
      for (const { path, code } of files) {
        mkdirSync(dirname(join(own, path)), { recursive: true })
        writeFileSync(join(own, path), code)
      }
      const config = {
        plugins: [],
        categories: { correctness: 'off' },
        jsPlugins: [built],
        rules,
        ...(settings !== undefined && { settings: { telltale: settings } }),
      }
      writeFileSync(join(own, '.oxlintrc.json'), JSON.stringify(config))
    }
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const hosts = { 'ESLint 10': Linter10, 'ESLint 9': Linter9 as unknown as typeof Linter10 }
export type EslintHost = keyof typeof hosts

export function eslint(host: EslintHost, folder: string, batches: readonly Batch[]): Findings {
  const linter = new hosts[host]({ cwd: folder })
  const [found, broken]: [Findings['found'], string[]] = [new Map(), []]
  for (const [index, { rules, settings, files }] of batches.entries()) {
    for (const { path, code } of files) {
      const name = `${index}/${path}`
      try {
        const messages = linter.verify(code, configFor(path, rules, settings), {
          filename: join(folder, name),
        })
        broken.push(
          ...messages.filter(({ fatal }) => fatal).map((each) => `${name}:${each.line}: ${each.message}`),
        )
        // Comments in strangers' code name rules that are not there.
        const findings = messages.flatMap(({ ruleId, line, column, message }) =>
          ruleId?.startsWith('telltale/') ? [{ rule: ruleId, line, column, message }] : [],
        )
        found.set(name, inOrder(findings))
      } catch (error) {
        broken.push(`${name}: ${(error as Error).stack}`)
      }
    }
  }
  return { found, broken }
}

function configFor(path: string, rules: Batch['rules'], settings: object | undefined): Linter10.Config[] {
  const extension = extname(path)
  const languageOptions = /ts/.test(extension)
    ? { parser, parserOptions: { ecmaFeatures: { jsx: extension === '.tsx' } } }
    : {
        sourceType: extension === '.cjs' ? 'commonjs' : 'module',
        parserOptions: { ecmaFeatures: { jsx: extension === '.jsx' } },
      }
  return [
    {
      files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
      plugins: { telltale: plugin },
      languageOptions,
      linterOptions: { reportUnusedDisableDirectives: 'off' },
      rules,
      ...(settings !== undefined && { settings: { telltale: settings } }),
    },
  ] as unknown as Linter10.Config[]
}

interface Diagnostic {
  readonly message: string
  readonly code?: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[]
}

/** One run over all folders, each of which has its own `.oxlintrc.json`. */
export async function oxlint(folder: string, batches: readonly Batch[]): Promise<Findings> {
  const { diagnostics } = JSON.parse(await runOxlint(folder)) as { diagnostics: Diagnostic[] }
  const lines = new Map(
    batches.flatMap(({ files }, index) =>
      files.map(({ path, code }): [string, string[]] => [`${index}/${path}`, code.split(lineEnd)]),
    ),
  )
  const found: Findings['found'] = new Map([...lines.keys()].map((name) => [name, []]))
  const broken: string[] = []
  for (const { message, code, filename, labels } of diagnostics) {
    const name = relative(folder, resolve(folder, filename)).split('\\').join('/')
    const rule = /^telltale\(([\w-]+)\)$/.exec(code ?? '')?.[1]
    const span = labels[0]?.span
    if (rule === undefined || span === undefined) broken.push(`${name}: ${message}`)
    else {
      const column = columnOf(lines.get(name)?.[span.line - 1] ?? '', span.column)
      found.get(name)?.push({ rule: `telltale/${rule}`, line: span.line, column, message })
    }
  }
  return { found: new Map([...found].map(([name, findings]) => [name, inOrder(findings)])), broken }
}

const lineEnd = /\r?\n/

/** oxlint counts a column in bytes of UTF-8, ESLint in UTF-16 units. */
function columnOf(line: string, bytes: number): number {
  return (
    Buffer.from(line)
      .subarray(0, bytes - 1)
      .toString().length + 1
  )
}

export type Mending = 'fixes' | 'suggestions'

/** Mends the files in the folder, and gives them back by their names. */
export async function oxlintMended(
  mending: Mending,
  folder: string,
  batches: readonly Batch[],
): Promise<Map<string, string>> {
  await runOxlint(folder, mending === 'fixes' ? '--fix' : '--fix-suggestions')
  return new Map(
    namesOf(batches).map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')] as const),
  )
}

export function eslintMended(
  mending: Mending,
  host: EslintHost,
  folder: string,
  batches: readonly Batch[],
): Map<string, string> {
  const linter = new hosts[host]({ cwd: folder })
  return new Map(
    namesOf(batches).map(({ name, path, code, rules, settings }) => {
      const config = configFor(path, rules, settings)
      const options = { filename: join(folder, name) }
      const mended =
        mending === 'fixes'
          ? linter.verifyAndFix(code, config, options).output
          : withSuggestions(code, linter.verify(code, config, options))
      return [name, mended]
    }),
  )
}

/** The code after the fix or the first suggestion of each finding, of those that overlap the first: what oxlint makes of them. */
function withSuggestions(code: string, messages: readonly Linter10.LintMessage[]): string {
  let mended = ''
  let at = 0
  const edits = messages.flatMap(({ fix, suggestions }) => fix ?? suggestions?.[0]?.fix ?? [])
  for (const { range, text } of edits.toSorted((a, b) => a.range[0] - b.range[0])) {
    if (range[0] < at) continue
    mended += code.slice(at, range[0]) + text
    at = range[1]
  }
  return mended + code.slice(at)
}

function namesOf(batches: readonly Batch[]) {
  return batches.flatMap(({ files, rules, settings }, index) =>
    files.map(({ path, code }) => ({ name: `${index}/${path}`, path, code, rules, settings })),
  )
}

function runOxlint(folder: string, ...more: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const args = [oxlintCommand, '--format', 'json', ...more, '.']
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (stdout.startsWith('{')) done(stdout)
        else fail(new Error(`oxlint said no JSON: ${error?.message ?? ''}\n${stdout}\n${stderr}`))
      },
    )
  })
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      a.line - b.line ||
      a.column - b.column ||
      a.rule.localeCompare(b.rule) ||
      a.message.localeCompare(b.message),
  )
}
