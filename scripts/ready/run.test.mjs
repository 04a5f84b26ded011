import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from './run.mjs'

let folder
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'telltale-run-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what a program says and its exit code are given back', async () => {
  const code = 'console.log("out"); console.error("err"); process.exitCode = 3'
  const { output, ...result } = await run(process.execPath, ['-e', code])
  expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
  expect(output).toBe('out\nerr\n')
})

test('a program that is not there has code 127', async () => {
  expect(await run(join(folder, 'nothing'), [])).toMatchObject({ code: 127 })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s ends what runs, with what it started, before the command itself', async (signal, code) => {
  const pids = join(folder, 'pids')
  const program = join(folder, 'program.mjs')
  writeFileSync(
    program,
    `import { spawn } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
writeFileSync(${JSON.stringify(`${pids}.part`)}, JSON.stringify([process.pid, inner.pid]))
renameSync(${JSON.stringify(`${pids}.part`)}, ${JSON.stringify(pids)})
setInterval(() => {}, 1000)`,
  )
  const command = join(folder, 'command.mjs')
  const runs = new URL('run.mjs', import.meta.url).href
  writeFileSync(
    command,
    `import { run } from ${JSON.stringify(runs)}
await run(process.execPath, [${JSON.stringify(program)}])
process.exit(99)`,
  )
  const child = spawn(process.execPath, [command], { stdio: 'inherit' })
  await expect.poll(() => existsSync(pids), { timeout: 10_000 }).toBe(true)
  child.kill(signal)
  expect((await once(child, 'exit'))[0]).toBe(code)
  for (const pid of JSON.parse(readFileSync(pids, 'utf8')))
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
})

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
