import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { grouped } from '../baseline/grouped.js'
import { prefix, type Linted } from '../finding.js'
import { NoVerdict } from '../no-verdict.js'
import { toldBy, type Diagnostic, type Told, type Unplaced } from './diagnostic.js'
import type { Host, HostCall } from './host.js'
import { isAtLeast } from './installed.js'
import { underOtherName } from './our-rules.js'
import { placesIn } from './place.js'

const configs = ['.oxlintrc.json', '.oxlintrc.jsonc', 'oxlint.config.ts']
/** Before its JSON, where there is none. */
const noFiles = 'No files found to lint. Please check your paths and ignore patterns.'
const maxOutput = 1024 * 1024 * 1024

export const oxlint: Host = {
  title: 'oxlint',
  configs,
  // The first whose timings have the rules of plugins.
  accepts: (version) => isAtLeast(version, 1, 84),
  needs: 'oxlint 1.84 or newer',
  setup:
    'in .oxlintrc.json: "extends": ["./node_modules/eslint-plugin-telltale/dist/oxlint/recommended.json"]',
  lint: run,
}

async function run(call: HostCall): Promise<Linted> {
  const { folder, paths } = call
  const given = paths.length === 0 ? ['.'] : paths
  const posix = (path: string) => relative(folder, resolve(folder, path)).split(sep).join('/')
  refuseMissing(call)
  const said = await ask(call, [
    '--format',
    'json',
    '--report-unused-disable-directives-severity',
    'warn',
    ...given,
  ])
  const json = said.startsWith(noFiles) ? said.slice(noFiles.length).trim() : said
  // A version that says other than JSON says why it could not run.
  if (!json.startsWith('{')) throw failed(call, said)
  const diagnostics = diagnosticsIn(json)
  if (diagnostics === undefined) throw failed(call, 'its output broke off.')
  const { findings, unused, unparsed } = tell(call, diagnostics, posix)
  const listed = await ask(call, ['--debug=files', ...given])
  const files = listed.split(/\r?\n/).filter((line) => line !== '' && existsSync(resolve(folder, line)))
  // What can't be parsed no rule has seen.
  const isConfigured = findings.length + unparsed.length > 0 || (await hasRules(call, given))
  return {
    files: files.map(posix),
    findings: placed(folder, findings),
    unused: placed(folder, unused),
    bulk: [],
    silenced: [],
    unparsed,
    isConfigured,
  }
}

/** A path that is not there oxlint passes over, and takes a pattern, which ESLint expands, for one. */
function refuseMissing({ folder, paths }: HostCall): void {
  const missing = paths.find((path) => !existsSync(resolve(folder, path)))
  if (missing === undefined) return
  if (!/[*?[\]{}!]/.test(missing)) throw new NoVerdict(`there is no ${missing} in ${folder}.`)
  const [start] = /^[^*?[\]{}!]*(?=\/)/.exec(missing) ?? ['src']
  throw new NoVerdict(
    `oxlint takes folders and files, no patterns, got ${missing}. Name the folder, as in telltale lint ${start}, or have your shell expand the pattern: without quotes.`,
  )
}

function tell(call: HostCall, diagnostics: readonly Diagnostic[], nameOf: (path: string) => string): Told {
  try {
    return toldBy(diagnostics, nameOf)
  } catch (error) {
    throw error instanceof NoVerdict ? failed(call, error.message) : error
  }
}

function ask({ folder, config, installed }: HostCall, args: readonly string[]): Promise<string> {
  const command = [
    join(installed.folder, 'bin/oxlint'),
    // Left out by ESLint always, by oxlint where git leaves them out.
    ...['--ignore-pattern', '**/node_modules/**'],
    ...(config === undefined ? [] : ['--config', config]),
  ]
  return new Promise((done) => {
    execFile(
      process.execPath,
      [...command, ...args],
      { cwd: folder, maxBuffer: maxOutput },
      (error, stdout, stderr) => done((stdout || stderr || (error?.message ?? '')).trim()),
    )
  })
}

/** Nothing where it was ended before its output was, for want of memory for instance. */
function diagnosticsIn(said: string): readonly Diagnostic[] | undefined {
  try {
    return (JSON.parse(said) as { diagnostics: readonly Diagnostic[] }).diagnostics
  } catch {
    return undefined
  }
}

function failed({ installed }: HostCall, said: string): NoVerdict {
  return new NoVerdict(`oxlint ${installed.version} could not lint: ${said || 'it said nothing.'}`)
}

/** --print-config leaves out rules of plugins; each that saw a file, if only to find nothing, has its time taken. */
async function hasRules(call: HostCall, given: readonly string[]): Promise<boolean> {
  const said = await ask(call, ['--debug=timings', '--silent', '-A', 'all', ...given])
  const lines = said.split('\n')
  if (lines.some((line) => line.startsWith(prefix))) return true
  const other = lines.flatMap(
    (line) => /^([\w@/-]+)\/(?:no-silent-\w+|error-with-context)\s/.exec(line)?.[1] ?? [],
  )[0]
  if (other !== undefined) throw underOtherName(other)
  return false
}

function placed<Item extends Unplaced<{ readonly file: string; readonly line: number }>>(
  folder: string,
  items: readonly Item[],
) {
  const byFile = grouped(items, ({ file }) => file)
  return [...byFile].flatMap(([file, ofFile]) => {
    const places = placesIn(
      readFileSync(join(folder, file)),
      ofFile.map(({ offset }) => offset),
    )
    return ofFile.map(({ offset, ...item }) => ({ ...item, column: 1, ...places.get(offset) }))
  })
}
