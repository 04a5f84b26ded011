import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChild } from './children.mjs'

let folder
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function program(name, code) {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, code)
  return startChild(file)
}

test('messages that came before anyone asked are kept, in their order', async () => {
  const child = program(
    'early',
    `process.send({ n: 1 }); process.send({ n: 2 }); process.on('message', () => {})`,
  )
  expect(await child.next()).toEqual({ n: 1 })
  expect(await child.next()).toEqual({ n: 2 })
  await child.stop()
})

test('a question is answered', async () => {
  const child = program('echo', `process.on('message', (n) => process.send({ twice: 2 * n }))`)
  expect(await child.ask(21)).toEqual({ twice: 42 })
  expect(await child.stop('SIGTERM')).toBe('SIGTERM')
})

test('a program that fails is an error with what it said', async () => {
  const child = program('broken', `throw new Error('no such port')`)
  await expect(child.next()).rejects.toThrow(/ended with 1[^]*no such port/)
})

test('a program that says nothing is an error, not a wait for ever', async () => {
  const child = program('silent', `process.on('message', () => {})`)
  await expect(child.next(50)).rejects.toThrow('nothing for 50 ms')
  await child.stop()
})

test('an error that the program reports is thrown', async () => {
  const child = program(
    'reports',
    `process.send({ error: 'a response with status 500' }); process.on('message', () => {})`,
  )
  await expect(child.next()).rejects.toThrow('a response with status 500')
  await child.stop()
})

test("the caller's own NODE_OPTIONS and log settings do not reach it", async () => {
  process.env.LOG_LEVEL = 'debug'
  const child = program(
    'env',
    `process.send({ level: process.env.LOG_LEVEL ?? null, mode: process.env.NODE_ENV })`,
  )
  expect(await child.next()).toEqual({ level: null, mode: 'production' })
  delete process.env.LOG_LEVEL
})

test.each(['SIGHUP', 'SIGTERM', 'SIGKILL'])(
  'a load generator ends with its parent, on %s too',
  async (signal) => {
    const load = fileURLToPath(new URL('load.mjs', import.meta.url))
    const file = join(folder, 'parent.mjs')
    const children = new URL('children.mjs', import.meta.url).href
    writeFileSync(
      file,
      `import { createServer } from 'node:net'
import { startChild } from ${JSON.stringify(children)}
const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
const child = startChild(${JSON.stringify(load)})
await child.next()
await child.ask({ start: { port: server.address().port, connections: 1, requests: ['GET / HTTP/1.1\\r\\n\\r\\n'] } })
process.send(child.pid)`,
    )
    const parent = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const [pid] = await once(parent, 'message')
    expect(isAlive(pid)).toBe(true)
    parent.kill(signal)
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  },
)

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
