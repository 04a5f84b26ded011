import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../ready/root.mjs'
import { withTarball } from './tarball.mjs'

// What every service pays. Raise one only with the reason in the commit.
const budgets = {
  // Read and compiled at each start; the start-up goal of 40 ms hangs on it.
  'import telltale, raw': 440_000,
  // What a bundler or a container layer carries.
  'import telltale, gzip': 127_000,
  // One download: both builds, declarations, the skill.
  tarball: 530_000,
  // Read at each start of a command that people wait for.
  'telltale command, raw': 75_000,
  // Loaded once for each run of a linter, in editors at each start.
  'eslint-plugin, raw': 260_000,
}

export async function check() {
  const loaded = staticImports(join(root, 'packages/telltale/dist/esm/index.js'))
  const code = loaded.map((file) => readFileSync(file))
  const measured = {
    'import telltale, raw': sum(code.map((text) => text.length)),
    'import telltale, gzip': sum(code.map((text) => gzipSync(text).length)),
    tarball: await withTarball(({ report }) => report.size),
    'telltale command, raw': readFileSync(join(root, 'packages/cli/dist/telltale.js')).length,
    'eslint-plugin, raw': readFileSync(join(root, 'packages/eslint-plugin/dist/index.js')).length,
  }
  return {
    note: Object.entries(measured)
      .map(([name, size]) => `${name} ${kilo(size)} of ${kilo(budgets[name])} kB`)
      .join(' · '),
    problems: Object.entries(measured)
      .filter(([name, size]) => size > budgets[name])
      .map(
        ([name, size]) => `${name}: ${size} bytes, the budget is ${budgets[name]} (scripts/gates/size.mjs)`,
      ),
  }
}

/** The file and all it imports statically, itself first. */
function staticImports(file, found = new Set()) {
  if (found.has(file)) return [...found]
  found.add(file)
  const code = readFileSync(file, 'utf8')
  for (const [, path] of code.matchAll(/(?:^|[;\n])\s*(?:import|export)\b[^'"();]*?["'](\.[^"']+)["']/g))
    staticImports(join(dirname(file), path), found)
  return [...found]
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

function kilo(bytes) {
  return (bytes / 1000).toFixed(1)
}
