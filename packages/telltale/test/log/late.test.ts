import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setup } from '../../src/index.js'
import { Child, endChildren } from '../support/child.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'late-'))
})
afterEach(() => {
  endChildren()
  rmSync(folder, { recursive: true })
})

const lines = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { event: string }).event)

test('what a listener of the exit says is written, however late it was added', async () => {
  const child = new Child('late-lines.mjs', ['exit_listener'])
  expect((await child.ended).code).toBe(0)
  expect(child.names).toEqual(['hello', 'bye'])
})

test('what a listener of beforeExit says is written once, and is no reason to go on', async () => {
  const child = new Child('late-lines.mjs', ['before_exit'])
  expect((await child.ended).code).toBe(0)
  expect(child.names).toEqual(['hello', 'bye'])
})

test("so is what the app's own handling of a crash says", async () => {
  const child = new Child('late-lines.mjs', ['after_a_crash'])
  expect((await child.ended).code).toBe(7)
  expect(child.names.filter((name) => !name.startsWith('un'))).toEqual(['handled', 'bye'])
})

test('a setup() anew takes nothing from the former destinations, nor what was said in between', async () => {
  const file = join(folder, 'log')
  const child = new Child('late-lines.mjs', ['another_setup', file])
  expect((await child.ended).code).toBe(0)
  expect(lines(file).filter((event) => !event.startsWith('shutdown'))).toEqual(['to_the_first', 'between'])
  expect(child.names).toEqual(['to_the_second'])
})

test('files that are written no more are closed, and do not keep SIGHUP from ending the process', async () => {
  const file = join(folder, 'log')
  const child = new Child('late-lines.mjs', ['many_setups', file])
  expect((await child.ended).code).toBe(0)
  expect(child.one('open')['files']).toBe(0)
  expect(lines(`${file}.0`)).toContain('kept')
})

test('a folder that cannot be made is said, also where making it would never end', () => {
  const start = (): unknown =>
    setup({ log: { sinks: [{ file: '/proc/nope/x.log' }] }, lifecycle: { signals: false } })
  expect(start).toThrow(/log\.sinks: the file "\/proc\/nope\/x\.log" can't be opened: ENOENT/)
})

test("shutdown() waits for a sink of one's own, as long as it may", async () => {
  const done: string[] = []
  const slow = {
    write: () => undefined,
    flushAndWait: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      done.push('handed on')
    },
  }
  const never = { write: () => undefined, flushAndWait: () => new Promise<void>(() => undefined) }
  const options = { environment: 'test', lifecycle: { signals: false, flushTimeoutMs: 200 } }
  await setup({ ...options, log: { sinks: [slow] } }).shutdown()
  expect(done).toEqual(['handed on'])
  await setup({ ...options, log: { sinks: [slow, never] } }).shutdown()
  expect(done).toEqual(['handed on', 'handed on'])
})

test('a pipe that nobody reads is refused as a file, and does not wait for a reader', () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const start = (): unknown => setup({ log: { sinks: [{ file: pipe }] }, lifecycle: { signals: false } })
  expect(start).toThrow(/log\.sinks: the file ".*pipe" can't be opened: ENXIO/)
})
