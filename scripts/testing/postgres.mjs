// A real PostgreSQL server for tests. Types and use in postgres.d.mts.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findBinary } from './binaries.mjs'
import { freePort } from './free-port.mjs'

export const postgresBinary = { name: 'postgres', install: 'apt-get install postgresql' }

const startDeadlineMs = 30_000
const portTries = 3
// A throw-away server: its data has to survive halt(), never the machine. Commits stay synchronous for that.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_connections: '50',
}

export async function startPostgres() {
  const [initdb, postgres] = [findBinary('initdb'), findBinary('postgres')]
  if (initdb === undefined || postgres === undefined)
    throw new Error(`initdb or postgres is not installed: ${postgresBinary.install}`)
  const owner = serverOwner()
  const folder = mkdtempSync(join(tmpdir(), 'telltale-postgres-'))
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const options = { ...owner, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  const data = join(folder, 'data')
  let server

  try {
    await promisify(execFile)(
      initdb,
      ['-D', data, '-U', 'test', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
      options,
    )
    server = await startOnFreePort(postgres, data, options)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }

  const halt = () => server.end()
  const resume = async () => {
    server = await startServer(postgres, data, server.port, options)
  }
  return {
    url: `postgres://test@127.0.0.1:${server.port}/postgres`,
    port: server.port,
    halt,
    resume,
    freeze: () => server.signal('SIGSTOP'),
    thaw: () => server.signal('SIGCONT'),
    async restart() {
      await halt()
      await resume()
    },
    async stop() {
      await halt()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: the account that Debian made for it, else nobody. */
function serverOwner() {
  if (process.getuid?.() !== 0) return {}
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const account = accounts.find(([name]) => name === wanted)
    if (account !== undefined) return { uid: Number(account[2]), gid: Number(account[3]) }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is no account "postgres" or "nobody" to run it as.',
  )
}

async function startOnFreePort(postgres, data, options) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(postgres, data, await freePort(), options)
    } catch (error) {
      // Another process may take the port between the look and the start.
      if (attempt === portTries || !/Address already in use/.test(error.message)) throw error
    }
  }
}

async function startServer(postgres, data, port, options) {
  const args = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(postgres, ['-D', data, ...args], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  // A frozen server takes no other signal.
  const killWithUs = () => {
    child.kill('SIGQUIT')
    signal('SIGCONT')
  }
  process.once('exit', killWithUs)
  const exited = once(child, 'exit').finally(() => process.off('exit', killWithUs))
  // The process that starts the others first, for then there are no new ones; each has a process group of its own.
  const signal = (name) => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) send(pid, name)
  }
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) killWithUs()
    await exited
  }

  let said = ''
  const ready = new Promise((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-4000)
      if (said.includes('ready to accept connections')) resolve('ready')
    })
  })
  let timer
  const deadline = new Promise((resolve) => {
    timer = setTimeout(resolve, startDeadlineMs, 'deadline')
  })
  const outcome = await Promise.race([ready, exited.then(() => 'exited'), deadline])
  clearTimeout(timer)
  if (outcome === 'ready') return { port, end, signal }
  await end()
  throw new Error(
    outcome === 'exited'
      ? `postgres ended before it was ready:\n${said}`
      : `postgres was not ready within ${startDeadlineMs} ms:\n${said}`,
  )
}

/** By Linux's `/proc`. */
function childrenOf(parent) {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      // The name, in brackets, may hold anything.
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]) === parent
    } catch {
      return false
    }
  })
}

function send(pid, signal) {
  try {
    process.kill(Number(pid), signal)
  } catch (error) {
    // It has ended meanwhile.
    if (error.code !== 'ESRCH') throw error
  }
}
