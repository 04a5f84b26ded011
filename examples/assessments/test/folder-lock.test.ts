import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from '../database/folder-lock.js'

let home: string
let folder: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'assessments-'))
  folder = join(home, 'data')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  return child.pid ?? 0
}

test('a folder is held once, also by one process, until it is given back', () => {
  const unlock = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(`is open in process ${process.pid}`)
  unlock()
  lockFolder(folder)()
  expect(existsSync(`${folder}.lock`)).toBe(false)
})

test("a living process's lock stands; so does one that is just being written", () => {
  for (const [text, who] of [
    [String(process.ppid), `process ${process.ppid}`],
    ['', 'another process'],
  ] as const) {
    writeFileSync(`${folder}.lock`, text)
    expect(() => lockFolder(folder)).toThrow(`is open in ${who}`)
  }
})

test(
  'of many processes that find the lock of a dead one, one takes it over',
  { timeout: 60_000 },
  async () => {
    const lock = new URL('../dist/database/folder-lock.js', import.meta.url).href
    const script = `
    const { lockFolder } = await import(${JSON.stringify(lock)})
    process.stdout.write('up ')
    process.stdin.once('data', () => {
      try { lockFolder(${JSON.stringify(folder)}); process.stdout.write('held') } catch { process.stdout.write('no') }
    }).once('end', () => process.exit())`
    for (let round = 0; round < 3; round++) {
      writeFileSync(`${folder}.lock`, `${await deadPid()}\n`)
      const children = Array.from({ length: 6 }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script])
        let said = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
        const waitFor = async (part: RegExp): Promise<void> => {
          while (!part.test(said)) await once(child.stdout, 'data')
        }
        return { child, waitFor, said: () => said }
      })
      await Promise.all(children.map(({ waitFor }) => waitFor(/up/)))
      for (const { child } of children) child.stdin.write('go')
      await Promise.all(children.map(({ waitFor }) => waitFor(/held|no/)))
      const held = children.filter(({ said }) => said().includes('held'))
      for (const { child } of children) child.stdin.end()
      await Promise.all(children.map(({ child }) => child.exitCode ?? once(child, 'close')))
      expect(held).toHaveLength(1)
    }
  },
)
