// A real Redis server for tests. Types and use in redis.d.mts.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBinary } from './binaries.mjs'
import { freePort } from './free-port.mjs'

export const redisBinary = { name: 'redis-server', install: 'apt-get install redis-server' }

const leash = fileURLToPath(new URL('leash.mjs', import.meta.url))
const startDeadlineMs = 30_000
const portTries = 3

export async function startRedis() {
  const program = findBinary(redisBinary.name)
  if (program === undefined) throw new Error(`redis-server is not installed: ${redisBinary.install}`)
  let server = await startOnFreePort(program)
  const { port } = server
  const halt = () => server.end()
  const resume = async () => {
    server = await startServer(program, port)
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    halt,
    resume,
    freeze: () => process.kill(server.pid, 'SIGSTOP'),
    thaw: () => process.kill(server.pid, 'SIGCONT'),
    stop: halt,
  }
}

async function startOnFreePort(program) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(program, await freePort())
    } catch (error) {
      // Another process may take the port between the look and the start.
      if (attempt === portTries || !/Address already in use/.test(error.message)) throw error
    }
  }
}

async function startServer(program, port) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-redis-'))
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']
  const child = spawn(process.execPath, [leash, folder, program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close').then(() => undefined)
  const end = async () => {
    child.stdin.destroy()
    await closed
  }

  let said = ''
  const ready = new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-4000)
      // Each line begins with its process and role: 4711:M.
      const pid = /^(\d+):M .*Ready to accept connections/m.exec(said)?.[1]
      if (pid !== undefined) resolve(Number(pid))
    })
  })
  let timer
  const deadline = new Promise((resolve) => {
    timer = setTimeout(resolve, startDeadlineMs)
  })
  const pid = await Promise.race([ready, closed, deadline])
  clearTimeout(timer)
  if (pid !== undefined) return { port, pid, end }
  await end()
  throw new Error(`redis-server was not ready within ${startDeadlineMs} ms, or ended before:\n${said}`)
}
