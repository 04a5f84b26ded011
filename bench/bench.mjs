// npm run bench -- SUBJECT [--quick] [--json]
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs, usage } from './harness/args.mjs'
import { plain } from './harness/plain.mjs'
import { progress } from './harness/progress.mjs'
import { table } from './harness/table.mjs'
import { subjects } from './subjects/subjects.mjs'

const args = parseArgs(process.argv.slice(2), subjects)
if (args.error !== undefined) {
  process.stderr.write(`${args.error}\n\n${usage(subjects)}`)
  process.exit(2)
}

const { say, end } = progress()
const { subject, quick, json } = args
try {
  if (!existsSync(fileURLToPath(import.meta.resolve('telltale'))))
    throw new Error('The SDK is not built, and benchmarks run what is shipped: npm run build, then again.')
  const begun = performance.now()
  const { run } = await subjects[subject].load()
  const { rows, notes } = await run({ quick, say })
  end()
  const ok = rows.every((row) => row.ok)
  const seconds = Math.round((performance.now() - begun) / 1000)
  const color = process.stdout.isTTY && !process.env.NO_COLOR
  process.stdout.write(
    json
      ? `${JSON.stringify(plain({ subject, rows, ok }))}\n`
      : table({ subject, rows, ok, notes, quick, node: process.version, seconds }, { color }),
  )
  process.exitCode = ok ? 0 : 1
} catch (error) {
  end()
  // No object on stdout: `ok: false` says that a goal is missed, and nothing was held against one.
  process.stderr.write(`bench ${subject}: ${error.message}\n`)
  process.exitCode = 2
}
