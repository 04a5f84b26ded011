import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../ready/root.mjs'
import { readJson, readText } from './tools.mjs'

// https://agentskills.io/specification
const fields = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools']
const maxLines = 500

export async function check() {
  const { agents, exports } = readJson('packages/telltale/package.json')
  const api = await exportedNames(exports)
  const problems = agents.skills.flatMap(({ name, path }) =>
    checkSkill(name, join('packages/telltale', path), api),
  )
  return { note: `${agents.skills.length} skill, its names against ${api.names.size} exports`, problems }
}

function checkSkill(name, folder, api) {
  const path = join(folder, 'SKILL.md')
  if (!existsSync(join(root, path))) return [`${path} is missing`]
  const text = readText(path)
  const problems = [...frontmatterProblems(name, text), ...unknownNames(text, api)]
  const lines = text.split('\n').length
  if (lines > maxLines) problems.push(`${lines} lines; ${maxLines} at most`)
  return problems.map((problem) => `${path}: ${problem}`)
}

function frontmatterProblems(folderName, text) {
  const block = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1]
  if (block === undefined) return ['no frontmatter']
  const entries = Object.fromEntries(
    block.split('\n').map((line) => /^([\w-]+):\s*(.*)$/.exec(line)?.slice(1) ?? [line]),
  )
  const problems = Object.keys(entries)
    .filter((field) => !fields.includes(field))
    .map((field) => `the frontmatter field "${field}" is not known`)
  const { name = '', description = '' } = entries
  if (name !== folderName) problems.push(`the name "${name}" is not its folder's, "${folderName}"`)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 64)
    problems.push(`the name "${name}" must be 1 to 64 lower-case letters, digits and single hyphens`)
  if (description.length < 1 || description.length > 1024)
    problems.push(`the description has ${description.length} characters; 1 to 1024 are allowed`)
  return problems
}

/** Called names in inline code, methods of `log`, and import paths. Code blocks are compiled by the docs check. */
function unknownNames(text, { names, entries, log }) {
  const inline = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code)
  return inline
    .flatMap((code) => [
      ...[...code.matchAll(/(?<![.\w])([a-zA-Z]\w*)\(/g)].filter(([, name]) => !names.has(name)),
      ...[...code.matchAll(/\blog\.(\w+)/g)].filter(([, method]) => typeof log[method] !== 'function'),
      ...[...code.matchAll(/^(telltale\/\w+)$/g)].filter(([, entry]) => !entries.has(entry)),
    ])
    .map(([, name]) => `nothing exports ${name}`)
}

async function exportedNames(exports) {
  const names = new Set()
  const entries = new Set()
  let log
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue
    entries.add(join('telltale', entry))
    const module = await import(pathToFileURL(join(root, 'packages/telltale', target.import.default)).href)
    for (const name of Object.keys(module)) names.add(name)
    if (entry === '.') log = module.getLogger('skill')
  }
  return { names, entries, log }
}
