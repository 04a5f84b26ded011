import { execFile } from 'node:child_process'
import { extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Linter } from 'eslint'
import plugin from 'eslint-plugin-telltale'
import { parser } from 'typescript-eslint'
import { writeBackends, writeText } from './corpus.mjs'

export const pluginFile = fileURLToPath(import.meta.resolve('eslint-plugin-telltale'))
export const oxlintCommand = fileURLToPath(new URL('../bin/oxlint', import.meta.resolve('oxlint')))

const rules = Object.fromEntries(Object.keys(plugin.rules).map((id) => [`telltale/${id}`, 'error']))

/**
 * What every rule with its defaults finds in each backend with its settings, as `Map<'<backend>/<path>', [{ rule, line,
 * column, message }]>`. Throws on a file that a host can't read.
 */
export function eslintFindings(corpus, folder) {
  const linter = new Linter({ cwd: folder })
  const found = new Map()
  for (const { name, settings, files } of corpus) {
    for (const { path, code } of files) {
      const filename = join(folder, name, path)
      const findings = linter.verify(code, configFor(path, settings), { filename }).map((message) => {
        if (message.fatal) throw new Error(`ESLint: ${name}/${path}:${message.line}: ${message.message}`)
        return message
      })
      found.set(
        `${name}/${path}`,
        inOrder(findings.map(({ ruleId, ...rest }) => ({ rule: ruleId, ...rest }))),
      )
    }
  }
  return found
}

function configFor(path, settings) {
  const extension = extname(path)
  return [
    {
      files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
      plugins: { telltale: plugin },
      languageOptions: {
        ...(extension.includes('ts') && { parser }),
        sourceType: extension === '.cjs' ? 'commonjs' : 'module',
        parserOptions: { ecmaFeatures: { jsx: extension.endsWith('x') } },
      },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
      rules,
      ...(settings !== undefined && { settings: { telltale: settings } }),
    },
  ]
}

/** As `eslintFindings`, by one run of oxlint over the backends, which it writes to the folder. */
export async function oxlintFindings(corpus, folder) {
  writeBackends(corpus, folder)
  for (const { name, settings } of corpus) {
    const config = {
      plugins: [],
      categories: { correctness: 'off' },
      jsPlugins: [pluginFile],
      rules,
      ...(settings !== undefined && { settings: { telltale: settings } }),
    }
    writeText(join(folder, name, '.oxlintrc.json'), JSON.stringify(config))
  }
  const codes = new Map(
    corpus.flatMap(({ name, files }) => files.map(({ path, code }) => [`${name}/${path}`, code])),
  )
  const found = new Map([...codes.keys()].map((name) => [name, []]))
  for (const { message, code, filename, labels } of await oxlintDiagnostics(folder)) {
    const name = relative(folder, resolve(folder, filename)).replaceAll('\\', '/')
    const rule = /^telltale\(([\w-]+)\)$/.exec(code ?? '')?.[1]
    const span = labels[0]?.span
    if (rule === undefined || span === undefined) throw new Error(`oxlint: ${name}: ${message}`)
    const column = columnOf(codes.get(name).split('\n')[span.line - 1], span.column)
    found.get(name).push({ rule: `telltale/${rule}`, line: span.line, column, message })
  }
  return new Map([...found].map(([name, findings]) => [name, inOrder(findings)]))
}

function oxlintDiagnostics(folder) {
  return new Promise((done, fail) => {
    const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024 }
    execFile(process.execPath, [oxlintCommand, '--format', 'json', '.'], options, (error, stdout, stderr) => {
      // It ends with 1 where it finds something.
      if (stdout.startsWith('{')) done(JSON.parse(stdout).diagnostics)
      else fail(new Error(`oxlint gave no JSON: ${error?.message ?? ''}\n${stdout}\n${stderr}`))
    })
  })
}

// oxlint counts a column in bytes of UTF-8, ESLint in UTF-16 units.
function columnOf(line, bytes) {
  return (
    Buffer.from(line)
      .subarray(0, bytes - 1)
      .toString().length + 1
  )
}

function inOrder(findings) {
  return findings
    .map(({ rule, line, column, message }) => ({ rule, line, column, message }))
    .sort(
      (a, b) =>
        a.line - b.line ||
        a.column - b.column ||
        a.rule.localeCompare(b.rule) ||
        a.message.localeCompare(b.message),
    )
}

/** What one host found and the other did not, a line each. */
export function differences(ours, theirs) {
  const linesOf = (found) =>
    [...found].flatMap(([name, findings]) =>
      findings.map(
        ({ rule, line, column, message }) => `${name}:${line}:${column} ${rule.slice(9)}: ${message}`,
      ),
    )
  const [left, right] = [linesOf(ours), linesOf(theirs)]
  return [...without(left, right), ...without(right, left)]
}

function without(lines, others) {
  const counts = new Map()
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0
    counts.set(line, left - 1)
    return left <= 0
  })
}
