import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'bundled-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('an application that imports getLogger alone has its events after it was bundled', async () => {
  const own = join(folder, 'node_modules/telltale')
  for (const part of ['package.json', 'dist/esm'])
    cpSync(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(own, part), { recursive: true })
  // Some bundlers ask the nearest package.json for `sideEffects`, others the package's: here it is the same one.
  rmSync(join(own, 'dist/esm/package.json'))
  writeFileSync(
    join(folder, 'app.mjs'),
    "import { getLogger } from 'telltale'\ngetLogger('app').info('started')\n",
  )

  const bundle = await rolldown({ input: join(folder, 'app.mjs'), platform: 'node' })
  // What is loaded later is a file of its own.
  await bundle.write({ dir: join(folder, 'bundle'), format: 'esm', entryFileNames: 'app.mjs' })
  await bundle.close()
  rmSync(join(folder, 'node_modules'), { recursive: true })

  const text = execFileSync(process.execPath, [join(folder, 'bundle/app.mjs')], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_ENV: 'test' },
  })
  const lines = text.trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    'started',
    'setup_not_called',
  ])
})
