import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const reporter = fileURLToPath(new URL('closing-reporter.mjs', import.meta.url))
const binaries = fileURLToPath(new URL('binaries.mjs', import.meta.url))
const vitestEntry = fileURLToPath(new URL('../../node_modules/vitest/dist/index.js', import.meta.url))

const suite = `
import { describe, expect, test } from ${JSON.stringify(vitestEntry)}
import { describeWithBinary, requireBinary } from ${JSON.stringify(binaries)}
const absent = { name: 'no-such-program', install: 'apt-get install no-such-package' }
test('passes', () => expect(requireBinary({ name: 'node', install: '' })).toMatch(/node$/))
test.skip('is skipped', () => {})
test('needs it', () => { requireBinary(absent) })
describeWithBinary(absent, 'a suite', () => { test('needs it too', () => {}) })
describeWithBinary({ name: 'node', install: '' }, 'a suite with node', (file) => { test('runs', () => expect(file).toMatch(/node$/)) })
`

test('a test whose program is missing is skipped, and the closing list says how to get it', () => {
  const { status, stdout } = runSuite(suite, { CI: '' })
  expect(stdout).toContain(
    'Skipped, because no-such-program is not installed (apt-get install no-such-package):\n  needs it\n  a suite > needs it too\n',
  )
  expect(lastLine(stdout)).toBe('2 passed, 0 failed, 3 skipped')
  expect(status).toBe(0)
})

test('with CI set a missing program fails', () => {
  const { status, stdout } = runSuite(suite, { CI: 'true' })
  expect(lastLine(stdout)).toBe('2 passed, 2 failed, 1 skipped')
  expect(status).toBe(1)
})

test('a file that does not load and a broken hook count as failures', () => {
  const { status, stdout } = runSuite('import "./nowhere.mjs"', {})
  expect(lastLine(stdout)).toBe('0 passed, 1 failed, 0 skipped')
  expect(status).toBe(1)
  const hook = `import { beforeAll, describe, test } from ${JSON.stringify(vitestEntry)}
describe('s', () => { beforeAll(() => { throw new Error('no') }); test('t', () => {}) })`
  expect(lastLine(runSuite(hook, {}).stdout)).toBe('0 passed, 1 failed, 1 skipped')
})

function runSuite(text, env) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-closing-'))
  try {
    writeFileSync(join(folder, 'suite.test.mjs'), text)
    return spawnSync(process.execPath, [vitest, 'run', '--root', folder, '--reporter', reporter], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1)
}
