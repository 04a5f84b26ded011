import { closeSync, openSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../harness/children.mjs'
import { writeText } from './corpus.mjs'
import { oxlintCommand, pluginFile } from './hosts.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const eslintCommand = here(join('../../../node_modules/eslint/bin/eslint.js'))
const eslintWith = (config) => [eslintCommand, '--config', here(`eslint/${config}.config.mjs`)]
const oxlintWith = (config) => [oxlintCommand, '-c', config]

/** What is measured: the command of each linter, as `recommended` has its rules. oxlint has its own defaults beside them. */
export const linters = {
  eslint: eslintWith('typescript'),
  'eslint-telltale': eslintWith('typescript-telltale'),
  'eslint-telltale-alone': eslintWith('telltale'),
  oxlint: oxlintWith('oxlint.json'),
  'oxlint-telltale': oxlintWith('oxlint-telltale.json'),
  'oxlint-telltale-alone': oxlintWith('oxlint-telltale-alone.json'),
}

/** The configurations of oxlint, which are looked up from the folder that is linted. */
export function writeOxlintConfigs(folder) {
  const recommended = join(dirname(pluginFile), 'oxlint/recommended.json')
  for (const [name, config] of Object.entries({
    oxlint: {},
    'oxlint-telltale': { extends: [recommended] },
    'oxlint-telltale-alone': {
      extends: [recommended],
      plugins: [],
      categories: { correctness: 'off' },
    },
  }))
    writeText(join(folder, `${name}.json`), JSON.stringify(config))
}

/** Lints the folder by a process of its own: milliseconds of CPU of all its threads, and from its start to its end. */
export async function lint(name, folder) {
  const begun = performance.now()
  const child = startChild(here('command-case.mjs'), [folder, ...linters[name], '.'])
  const { cpuMs } = await endOf(child, name)
  const wallMs = performance.now() - begun
  await child.stop()
  return { cpuMs, wallMs }
}

/** What our rules find in the folder, `<path>:<line> <rule>` each, and how much the linter finds by its own. */
export async function findingsOf(name, folder) {
  const path = join(folder, `${name}.found`)
  const stdout = openSync(path, 'w')
  const child = startChild(here('command-case.mjs'), [folder, ...linters[name], '--format', 'json', '.'], {
    stdout,
  })
  closeSync(stdout)
  await endOf(child, name)
  // Until it has ended, what it wrote may be on its way.
  await child.stop('SIGTERM')
  const found = name.startsWith('eslint') ? ofEslint : ofOxlint
  const findings = found(JSON.parse(readFileSync(path, 'utf8')), folder)
  return {
    ours: findings
      .filter((each) => each.rule?.startsWith('telltale/'))
      .map(lineOf)
      .sort(),
    others: findings.filter((each) => !each.rule?.startsWith('telltale/')).length,
  }
}

async function endOf(child, name) {
  const end = await child.next(300_000)
  // 1 says that there are findings, 2 that it could not be done.
  if (end.code > 1) throw new Error(`${name} ended with ${end.code}.`)
  return end
}

const lineOf = ({ path, line, rule }) => `${path}:${line} ${rule}`

function ofEslint(results, folder) {
  return results.flatMap(({ filePath, messages }) =>
    messages.flatMap(({ ruleId, line, fatal, message }) => {
      if (fatal) throw new Error(`ESLint: ${filePath}:${line}: ${message}`)
      // Without a rule it says that a comment suppresses nothing.
      return ruleId === null ? [] : [{ path: relative(folder, filePath), line, rule: ruleId }]
    }),
  )
}

function ofOxlint({ diagnostics }, folder) {
  return diagnostics.map(({ filename, code, labels }) => ({
    path: relative(folder, resolve(folder, filename)),
    line: labels[0]?.span.line,
    rule: code?.replace(/^(.*)\((.*)\)$/, '$1/$2'),
  }))
}
