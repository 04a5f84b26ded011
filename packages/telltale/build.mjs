// Builds dist/esm and dist/cjs: rolldown bundles each entry with shared chunks (few files load fast),
// tsc writes the declarations, which both builds share.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { replaceFolder } from '../../scripts/ready/replace-folder.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
// The exports map is the one list of entries: ./dist/esm/adapters/pg.js is built from src/adapters/pg.ts.
const { exports, version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const entries = Object.values(exports)
  .filter((entry) => typeof entry === 'object')
  .map((entry) => entry.import.default.replace('./dist/esm/', '').replace('.js', ''))

process.chdir(here)
// Built aside and put in place whole: a running process keeps reading the former build, a failed build changes nothing.
const next = join(root, '.telltale/build', `telltale-${process.pid}`)
process.on('exit', () => rmSync(next, { recursive: true, force: true }))

try {
  await bundleBoth()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}

const tsc = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', join(next, 'esm')],
  { stdio: 'inherit' },
)
if (tsc.status !== 0) process.exit(tsc.status ?? 1)

for (const file of readdirSync(join(next, 'esm'), { recursive: true })) {
  if (!file.endsWith('.d.ts')) continue
  const copy = join(next, 'cjs', file)
  mkdirSync(dirname(copy), { recursive: true })
  cpSync(join(next, 'esm', file), copy)
}
replaceFolder(next, join(here, 'dist'))

/** The sources that a file imports, directly or not, itself included; types and what is loaded later left out. */
function reached(file, found = new Set()) {
  if (found.has(file)) return found
  found.add(file)
  const code = readFileSync(file, 'utf8')
  for (const [, path] of code.matchAll(/^(?:import|export)(?! type)[^'(]*'(\.[^']+)\.js'/gm))
    reached(resolve(dirname(file), `${path}.ts`), found)
  return found
}

async function bundleBoth() {
  // Each file costs its finding, reading and compiling: what every start loads is two, of which the smaller is all that
  // drawing lines takes.
  const lines = reached(resolve('src/log/console.ts'))
  const all = reached(resolve('src/index.ts'))
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
    platform: 'node',
    transform: { define: { TELLTALE_VERSION: JSON.stringify(version) } },
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
  })
  for (const [format, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ]) {
    await bundle.write({
      dir: join(next, format),
      format,
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[hash].js',
      // The doc comments are in the declarations.
      comments: { jsdoc: false },
      exports: 'named',
      codeSplitting: {
        groups: [
          { name: 'lines', test: (id) => lines.has(id) },
          { name: 'core', test: (id) => all.has(id) },
        ],
      },
    })
    writeFileSync(join(next, format, 'package.json'), `{ "type": "${type}" }\n`)
  }
  await bundle.close()
}
