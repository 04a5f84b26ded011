// Builds dist/telltale.js: one file, which loads fast. The SDK stays outside: its renderer is the installed one.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { replaceFolder } from '../../scripts/ready/replace-folder.mjs'

const here = dirname(fileURLToPath(import.meta.url))
// Built aside and put in place whole: a running process keeps reading the former build, a failed build changes nothing.
const next = join(resolve(here, '../..'), '.telltale/build', `cli-${process.pid}`)
process.on('exit', () => rmSync(next, { recursive: true, force: true }))
process.chdir(here)

try {
  const bundle = await rolldown({
    input: { telltale: 'src/telltale.ts' },
    platform: 'node',
    external: /^(node:|telltale(\/|$))/,
  })
  const { output } = await bundle.generate({ format: 'esm', comments: { jsdoc: false } })
  mkdirSync(next, { recursive: true })
  for (const { fileName, code } of output) writeFileSync(join(next, fileName), code)
  await bundle.close()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
replaceFolder(next, join(here, 'dist'))
