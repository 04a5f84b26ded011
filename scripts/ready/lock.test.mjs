import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.mjs'

let folder
let file
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-lock-'))
  file = join(folder, 'deep/ready.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('runs one at a time, says once that it waits, and leaves nothing', async () => {
  let inside = 0
  let most = 0
  let waits = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise(setImmediate)
    inside--
  }
  const onWait = () => waits++
  await Promise.all([1, 2, 3, 4].map(() => withLock(file, work, { onWait })))
  expect(most).toBe(1)
  expect(waits).toBe(3)
  expect(existsSync(file)).toBe(false)
})

test('gives back what the work gives, and frees the lock when it throws', async () => {
  expect(await withLock(file, () => 7)).toBe(7)
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(file)).toBe(false)
})

test('takes over the lock of a process that is dead', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  await withLock(file, () => writeFileSync(join(folder, 'made'), ''))
  writeFileSync(file, String(child.pid))
  expect(await withLock(file, () => 'mine')).toBe('mine')
})

test('takes over a lock that its living owner has not touched for long', async () => {
  await withLock(file, () => undefined)
  writeFileSync(file, String(process.pid))
  utimesSync(file, new Date(0), new Date(0))
  expect(await withLock(file, () => 'mine')).toBe('mine')
})
