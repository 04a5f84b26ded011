import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Finding, Linted, Unparsed } from '../finding.js'
import { NoVerdict } from '../no-verdict.js'
import type { Host, HostCall } from './host.js'

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
  // The first that lists the files that it lints (--debug=files).
  accepts: (version) => {
    const [major = 0, minor = 0] = version.split('.').map(Number)
    return major > 1 || (major === 1 && minor >= 67)
  },
  needs: 'oxlint 1.67 or newer',
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
  const isConfigured = findings.length > 0 || (await hasRules(call, files))
  return {
    files: files.map(posix),
    findings: withColumns(folder, findings),
    bulk: [],
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

async function hasRules(call: HostCall, files: readonly string[]): Promise<boolean> {
  const printed = await ask(call, ['--print-config'])
  if (/"telltale\/[\w-]+"/.test(printed)) return true
  // Those of folders below, which --print-config does not tell.
  const folders = new Set(files.map((file) => dirname(resolve(call.folder, file))))
  return [...folders].some((folder) =>
    configs.some((name) => {
      const path = join(folder, name)
      return existsSync(path) && /telltale/.test(readFileSync(path, 'utf8'))
    }),
  )
}

/** oxlint counts a column in bytes of UTF-8, ESLint in UTF-16 units. */
function withColumns(folder: string, findings: readonly Finding[]): Finding[] {
  const texts = new Map<string, readonly string[]>()
  return findings.map((finding) => {
    const lines = texts.get(finding.file) ?? readFileSync(join(folder, finding.file), 'utf8').split(/\r?\n/)
    texts.set(finding.file, lines)
    const before = Buffer.from(lines[finding.line - 1] ?? '').subarray(0, finding.column - 1)
    return { ...finding, column: before.toString().length + 1 }
  })
}
