import { dirname, join } from 'node:path/posix'
import { filesBelow, readJson, readText } from './tools.mjs'

// One arrow that points back closes many.
const maxCycles = 3
const source = 'packages/telltale/src'

// Low to high. A file may import from its own folder and from every lower tier. ARCHITECTURE.md draws the same order.
const tiers = [
  ['state'],
  ['redact'],
  ['self'],
  ['errors'],
  ['encode', 'context', 'trace'],
  ['log', 'metrics', 'flow', 'health'],
  ['http', 'db'],
  ['lifecycle'],
  ['setup'],
  ['adapters', 'testing'],
  ['index.ts'],
]
// Within a tier only these.
const beside = {
  context: ['encode', 'trace'],
  log: ['metrics'],
  flow: ['log', 'metrics', 'trace'],
  health: ['log', 'metrics'],
}

export async function check() {
  const files = filesBelow(source, /\.ts$/).map((path) => path.slice(source.length + 1))
  const sources = files.filter((file) => !/\.(test|test-[a-z]+|fixture)\.ts$/.test(file))
  const imports = new Map(sources.map((file) => [file, importsOf(file)]))
  // Types are erased: two files of one thing may name each other's.
  const loaded = new Map(sources.map((file) => [file, importsOf(file, { types: false })]))
  const problems = [
    ...sources.flatMap((file) => imports.get(file).flatMap((target) => againstTheArrow(file, target) ?? [])),
    ...unimported(sources, imports),
    ...cycles(loaded).slice(0, maxCycles),
    ...disagreements(),
  ]
  return { note: `${sources.length} files`, problems }
}

/** Relative imports as paths below src. */
function importsOf(file, { types = true } = {}) {
  const code = readText(`${source}/${file}`).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const counted = types ? code : code.replace(/^(import|export) type [^']*'[^']*'/gm, '')
  return [...counted.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    join(dirname(file), path).replace(/\.js$/, '.ts'),
  )
}

function againstTheArrow(file, target) {
  const [from, to] = [folderOf(file), folderOf(target)]
  const [high, low] = [tierOf(from), tierOf(to)]
  if (from === to || low < high || beside[from]?.includes(to)) return undefined
  const rule =
    high === -1 || low === -1
      ? `${high === -1 ? from : to} stands in no tier of scripts/gates/arrows.mjs`
      : low === high
        ? `${from} may not import its neighbour ${to}`
        : `${from} lies below ${to}`
  return `${source}/${file} imports ${target}: ${rule}`
}

function folderOf(file) {
  return file.split('/')[0]
}

function tierOf(folder) {
  return tiers.findIndex((tier) => tier.includes(folder))
}

function unimported(sources, imports) {
  const reached = new Set([...imports.values()].flat())
  const { exports } = readJson('packages/telltale/package.json')
  for (const entry of Object.values(exports))
    if (typeof entry === 'object')
      reached.add(entry.import.default.replace('./dist/esm/', '').replace('.js', '.ts'))
  return sources.filter((file) => !reached.has(file)).map((file) => `${source}/${file}: nothing imports it`)
}

function cycles(imports) {
  const problems = []
  const done = new Set()
  const visit = (file, path) => {
    if (path.includes(file)) {
      problems.push(`a cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
      return
    }
    if (done.has(file)) return
    for (const target of imports.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return problems
}

/** The picture in ARCHITECTURE.md may draw fewer tiers than the table, but never another order. */
function disagreements() {
  const picture = /^Imports point one way: `([^`]+)`/m.exec(readText('ARCHITECTURE.md'))?.[1]
  if (picture === undefined) return ['ARCHITECTURE.md has no line "Imports point one way: `…`"']
  const drawn = picture
    .split('→')
    .map((group) => group.match(/[\w.]+/g))
    .toReversed()
  const heights = new Map(drawn.flatMap((group, height) => group.map((folder) => [folder, height])))
  const problems = []
  for (const [tier, folders] of tiers.entries()) {
    for (const folder of folders) {
      if (folder === 'index.ts') continue
      if (!heights.has(folder)) problems.push(`ARCHITECTURE.md does not draw ${folder}`)
      for (const lower of tiers.slice(0, tier).flat())
        if (heights.get(lower) > heights.get(folder))
          problems.push(`ARCHITECTURE.md draws ${lower} above ${folder}; the table has it below`)
    }
  }
  for (const folder of heights.keys())
    if (tierOf(folder) === -1) problems.push(`ARCHITECTURE.md draws ${folder}, which the table does not know`)
  return problems
}
