// Builds dist: one file without imports, which both hosts load fast and whole, its declarations, and what an
// .oxlintrc.json extends.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { replaceFolder } from '../../scripts/ready/replace-folder.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
// Built aside and put in place whole: a running process keeps reading the former build, a failed build changes nothing.
const next = join(resolve(here, '../..'), '.telltale/build', `eslint-plugin-${process.pid}`)
process.on('exit', () => rmSync(next, { recursive: true, force: true }))
process.chdir(here)

try {
  mkdirSync(join(next, 'oxlint'), { recursive: true })
  await bundle('index', next)
  writeFileSync(join(next, 'index.d.ts'), declarations())
  await bundle('oxlint', join(next, 'oxlint'))
  const { oxlintConfig } = await import(pathToFileURL(join(next, 'oxlint/oxlint.js')).href)
  rmSync(join(next, 'oxlint/oxlint.js'))
  for (const name of ['recommended', 'strict'])
    writeFileSync(
      join(next, 'oxlint', `${name}.json`),
      `${JSON.stringify(oxlintConfig(name, '../index.js'), undefined, 2)}\n`,
    )
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
replaceFolder(next, join(here, 'dist'))

async function bundle(name, folder) {
  const bundled = await rolldown({
    input: { [name]: `src/${name}.ts` },
    platform: 'node',
    transform: { define: { PLUGIN_VERSION: JSON.stringify(version) } },
  })
  const { output } = await bundled.generate({ format: 'esm', comments: { jsdoc: false } })
  for (const { fileName, code } of output) writeFileSync(join(folder, fileName), code)
  await bundled.close()
}

/** tsc's would name typescript-eslint's types, which the user need not have. */
function declarations() {
  const types = readFileSync('src/types.ts', 'utf8')
  return `${types}\ndeclare const plugin: Plugin\nexport { plugin as default, plugin as 'module.exports' }\n`
}
