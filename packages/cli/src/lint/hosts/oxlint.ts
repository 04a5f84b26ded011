import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { prefix, type Finding, type Linted, type Unparsed } from '../finding.js'
import { lineBreak } from '../lines.js'
import { NoVerdict } from '../no-verdict.js'
import type { Host, HostCall } from './host.js'
import { isAtLeast } from './installed.js'

interface Diagnostic {
  readonly message: string
  readonly code?: string
  readonly severity: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[]
}

const configs = ['.oxlintrc.json', '.oxlintrc.jsonc', 'oxlint.config.ts']
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
  const said = await ask(call, ['--format', 'json', ...given])
  // A version that says other than JSON says why it could not run.
  if (!said.startsWith('{')) throw failed(call, said)
  const diagnostics = diagnosticsIn(said)
  if (diagnostics === undefined) throw failed(call, 'its output broke off.')
  const [findings, unparsed]: [Finding[], Unparsed[]] = [[], []]
  for (const { message, code, severity, filename, labels } of diagnostics) {
    const file = posix(filename)
    const { line, column } = labels[0]?.span ?? { line: 1, column: 1 }
    const rule = /^telltale\(([\w-]+)\)$/.exec(code ?? '')?.[1]
    if (code === undefined && !/^Unused (?:eslint|oxlint)-disable /.test(message))
      unparsed.push({ file, line, message })
    else if (rule !== undefined)
      findings.push({
        file,
        line,
        column,
        rule,
        severity: severity === 'error' ? 'error' : 'warning',
        message,
      })
  }
  const listed = await ask(call, ['--debug=files', ...given])
  const files = listed.split(/\r?\n/).filter((line) => line !== '' && existsSync(resolve(folder, line)))
  if (files.length === 0) throw failed(call, listed)
  // What can't be parsed no rule has seen.
  const isConfigured = findings.length + unparsed.length > 0 || (await hasRules(call, given))
  return {
    files: files.map(posix),
    findings: withPlaces(folder, findings),
    bulk: [],
    silenced: [],
    unparsed,
    isConfigured,
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
  return said.split('\n').some((line) => line.startsWith(prefix))
}

/** In ESLint's places: oxlint counts bytes of UTF-8, the byte order mark as well, and has fewer ends of lines. */
function withPlaces(folder: string, findings: readonly Finding[]): Finding[] {
  const starts = new Map<string, readonly Start[]>()
  return findings.map((finding) => {
    const ofFile = starts.get(finding.file) ?? startsOf(readFileSync(join(folder, finding.file), 'utf8'))
    starts.set(finding.file, ofFile)
    const { text, line } = ofFile[finding.line - 1] ?? { text: '', line: finding.line }
    const before = Buffer.from(text)
      .subarray(0, finding.column - 1)
      .toString()
    const pieces = before.replace(/^\uFEFF/, '').split(lineBreak)
    return { ...finding, line: line + pieces.length - 1, column: (pieces.at(-1)?.length ?? 0) + 1 }
  })
}

/** A line of oxlint's, and which one it begins of ESLint's. */
interface Start {
  readonly text: string
  readonly line: number
}

function startsOf(code: string): Start[] {
  let line = 1
  return code.split(/\r\n|[\n\r]/).map((text) => {
    const start = { text, line }
    line += text.split(lineBreak).length
    return start
  })
}
