import { dirname, join } from 'node:path/posix'
import { filesBelow, readJson, readText } from './tools.mjs'

// One arrow that points back closes many.
const maxCycles = 3

// Low to high. A file may import from its own folder and from every lower tier. ARCHITECTURE.md draws the SDK's order.
const sdk = {
  source: 'packages/telltale/src',
  tiers: [
    ['state'],
    ['redact'],
    ['self'],
    ['errors'],
    ['encode', 'context', 'trace'],
    ['log', 'metrics', 'flow', 'health'],
    ['http', 'db'],
    ['lifecycle', 'exit'],
    ['admin', 'otlp', 'sentry'],
    ['setup'],
    ['adapters', 'checks', 'testing'],
    ['index.ts'],
  ],
  // Within a tier only these.
  beside: {
    context: ['encode', 'trace'],
    log: ['metrics'],
    flow: ['log', 'metrics', 'trace'],
    health: ['log', 'metrics'],
  },
}
const cli = {
  source: 'packages/cli/src',
  tiers: [
    ['usage-error.ts', 'nearest.ts', 'command.ts'],
    ['arguments.ts'],
    ['formats'],
    ['pretty', 'generate', 'lint'],
    ['cli.ts'],
    ['telltale.ts'],
  ],
  beside: {},
}
const lint = {
  source: 'packages/eslint-plugin/src',
  tiers: [
    ['types.ts'],
    ['settings.ts', 'ast'],
    ['signals'],
    ['rule.ts'],
    ['rules'],
    ['configs.ts'],
    ['flat.ts', 'oxlint.ts', 'pages.ts'],
    ['index.ts'],
  ],
  beside: {},
}
const lintEntries = ['index.ts', 'oxlint.ts', 'pages.ts']

export async function check() {
  const { exports } = readJson('packages/telltale/package.json')
  const entries = Object.values(exports)
    .filter((entry) => typeof entry === 'object')
    .map((entry) => entry.import.default.replace('./dist/esm/', '').replace('.js', '.ts'))
  const checked = [
    checkPackage(sdk, entries),
    checkPackage(cli, ['telltale.ts']),
    checkPackage(lint, lintEntries),
  ]
  return {
    note: `${checked.map(({ count }) => count).join(', ')} files`,
    problems: [...checked.flatMap(({ problems }) => problems), ...disagreements()],
  }
}

function checkPackage(one, entries) {
  const { source } = one
  const files = filesBelow(source, /\.ts$/).map((path) => path.slice(source.length + 1))
  const sources = files.filter((file) => !/\.(test|test-[a-z]+|fixture)\.ts$/.test(file))
  const imports = new Map(sources.map((file) => [file, importsOf(source, file)]))
  // Types are erased: two files of one thing may name each other's.
  const loaded = new Map(sources.map((file) => [file, importsOf(source, file, { types: false })]))
  const reached = new Set([...entries, ...[...imports.values()].flat()])
  const problems = [
    ...sources.flatMap((file) =>
      imports.get(file).flatMap((target) => againstTheArrow(one, file, target) ?? []),
    ),
    ...sources.filter((file) => !reached.has(file)).map((file) => `${source}/${file}: nothing imports it`),
    ...cycles(loaded).slice(0, maxCycles),
  ]
  return { count: sources.length, problems }
}

/** Relative imports as paths below src. */
function importsOf(source, file, { types = true } = {}) {
  const code = readText(`${source}/${file}`).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const counted = types ? code : code.replace(/^(import|export) type [^']*'[^']*'/gm, '')
  return [...counted.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    join(dirname(file), path).replace(/\.js$/, '.ts'),
  )
}

function againstTheArrow({ source, tiers, beside }, file, target) {
  const [from, to] = [folderOf(file), folderOf(target)]
  const [high, low] = [tierOf(tiers, from), tierOf(tiers, to)]
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

function tierOf(tiers, folder) {
  return tiers.findIndex((tier) => tier.includes(folder))
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
  const { tiers } = sdk
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
    if (tierOf(tiers, folder) === -1)
      problems.push(`ARCHITECTURE.md draws ${folder}, which the table does not know`)
  return problems
}
