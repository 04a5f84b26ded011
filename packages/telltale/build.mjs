// Builds dist/esm and dist/cjs: rolldown bundles each entry with shared chunks (few files load fast),
// tsc writes the declarations, which both builds share.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const here = dirname(fileURLToPath(import.meta.url))
// The exports map is the one list of entries: ./dist/esm/adapters/pg.js is built from src/adapters/pg.ts.
const { exports } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const entries = Object.values(exports)
  .filter((entry) => typeof entry === 'object')
  .map((entry) => entry.import.default.replace('./dist/esm/', '').replace('.js', ''))

process.chdir(here)
rmSync('dist', { recursive: true, force: true })

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
})
for (const [dir, format, type] of [
  ['esm', 'esm', 'module'],
  ['cjs', 'cjs', 'commonjs'],
]) {
  await bundle.write({
    dir: `dist/${dir}`,
    format,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
    exports: 'named',
  })
  writeFileSync(`dist/${dir}/package.json`, `{ "type": "${type}" }\n`)
}
await bundle.close()

const tsc = spawnSync(
  process.execPath,
  [join(here, '../../node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
)
if (tsc.status !== 0) process.exit(tsc.status ?? 1)

for (const file of readdirSync('dist/esm', { recursive: true })) {
  if (!file.endsWith('.d.ts') || !statSync(join('dist/esm', file)).isFile()) continue
  mkdirSync(dirname(join('dist/cjs', file)), { recursive: true })
  cpSync(join('dist/esm', file), join('dist/cjs', file))
}
