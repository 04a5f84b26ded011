import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { Summary } from '../start/summary.js'
import { eventually } from './harness/eventually.js'

const ENTRY = fileURLToPath(new URL('../dist/start/start.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'npm-start-test-'))
const live = new Set<() => void>()
afterEach(() => live.forEach((kill) => kill()))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: folder, DATA_DIR: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  const kill = (): void => void child.kill('SIGKILL')
  live.add(kill)
  void exited.then(() => live.delete(kill))
  const pid = child.pid ?? 0
  /** What `ask` gives once it gives something; throws with all that was said when the run ends before that. */
  const until = <T>(
    what: string,
    ask: () => T | undefined | false,
  ): Promise<Exclude<T, undefined | false>> => {
    const outcome = async (): Promise<T | undefined | false> => {
      const ended = child.exitCode !== null || child.signalCode !== null
      const answer = ask()
      if (answer === undefined && ended) throw new Error(`${what}: ended before\n${said.out}\n${said.err}`)
      return answer
    }
    return eventually(what, outcome, 40_000)
  }
  return { said, exited, pid, until, signal: (name: NodeJS.Signals) => child.kill(name) }
}

/** The processes that `parent` started: pid by the name of their entry. */
function childrenOf(parent: number): Map<string, number> {
  const rows = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).stdout.split('\n')
  return new Map(
    rows
      .map((row) => /^\s*(\d+)\s+(\d+)\s.*\/(\w+)\.js(?:\s|$)/.exec(row))
      .filter((match) => Number(match?.[2]) === parent)
      .map((match) => [match?.[3] ?? '', Number(match?.[1])]),
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const allEnded = (children: ReadonlyMap<string, number>): Promise<true> =>
  eventually('every child has ended', () => ![...children.values()].some(isAlive) || undefined)

const urlIn = (text: string): string | undefined => /(http:\/\/\S+)\/health\/ready/.exec(text)?.[1]
const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0)

test(
  'six seconds of traffic: telemetry and traffic agree, and nothing leaks',
  { timeout: 90_000 },
  async () => {
    const run = start(['--seconds', '6', '--json'])
    const code = await run.exited
    const summary = JSON.parse(run.said.out) as Summary
    expect(summary.differences).toEqual([])
    expect(summary.ok).toBe(true)
    expect(code).toBe(0)

    expect(summary.seconds).toBeGreaterThanOrEqual(6)
    expect(summary.requests.total).toBeGreaterThan(30)
    expect(sum(summary.requests.by_route)).toBe(summary.requests.total)
    expect(sum(summary.requests.by_status)).toBe(summary.requests.total)
    expect(Object.keys(summary.requests.by_route)).toEqual(
      expect.arrayContaining([
        'POST /login',
        'POST /assessments',
        'GET /users/:id/assessments',
        'GET unmatched',
      ]),
    )
    expect(sum(summary.events.by_level)).toBe(summary.events.total)
    expect(summary.events.invalid).toBe(0)
    expect(summary.flows['migrate']).toEqual({ outcomes: { completed: 1 }, failed_in: {} })
    expect(summary.flows['retake']?.failed_in['clear_answers']).toBeGreaterThan(0)
    expect(summary.latency_ms.p50).toBeGreaterThan(0)
    expect(summary.latency_ms.p99).toBeGreaterThanOrEqual(summary.latency_ms.p50 ?? 0)
    expect(summary.canaries.planted).toBeGreaterThan(10)
    expect(summary.canaries.found).toBe(0)

    const logs = /logs in (\S+)/.exec(run.said.err)?.[1] ?? ''
    const bytes = readFileSync(join(logs, 'service.ndjson'))
    rmSync(logs, { recursive: true })
    expect(bytes.length).toBe(summary.log_bytes)
    const lines = bytes.toString().trimEnd().split('\n')
    expect(lines).toHaveLength(summary.events.total)
    // The card came back in the message of an error; what is written of it is the message without it.
    const failed = lines.filter((line) => line.includes('"event":"payment_failed"'))
    expect(failed).toContainEqual(expect.stringMatching(/processor gave up on card_number=\W/))
  },
)

test(
  'the service alone serves until Ctrl-C, which drains it, though it comes twice at once',
  { timeout: 60_000 },
  async () => {
    const run = start(['--service-only'])
    const url = await run.until('the service is up', () => urlIn(run.said.out))
    const children = childrenOf(run.pid)
    expect([...children.keys()].toSorted()).toEqual(['embedded', 'gateway', 'service'])
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    expect((await fetch(`${url}/assessments/a_none`)).status).toBe(404)
    run.signal('SIGINT')
    run.signal('SIGINT')
    expect(await run.exited).toBe(0)
    expect(run.said.out).toContain('shutdown_completed')
    expect(run.said.out).toMatch(/GET \/assessments\/:id +1 +404 × 1/)
    expect(run.said.out).toContain('the log and the scrape agree')
    await allEnded(children)
  },
)

test('a later Ctrl-C ends what does not end', { timeout: 60_000 }, async () => {
  const run = start(['--service-only'])
  await run.until('the service is up', () => urlIn(run.said.out))
  const children = childrenOf(run.pid)
  process.kill(children.get('service') ?? 0, 'SIGSTOP')
  await eventually('the runner has ended', async () => {
    run.signal('SIGINT')
    return Promise.race([run.exited, wait(50, undefined)])
  })
  expect(await run.exited).toBe(130)
  await allEnded(children)
})

test('children end when the runner is killed outright', { timeout: 60_000 }, async () => {
  const run = start([])
  await run.until('the traffic is on', () => childrenOf(run.pid).has('traffic') || undefined)
  const children = childrenOf(run.pid)
  expect(children.size).toBe(4)
  run.signal('SIGKILL')
  await run.exited
  await allEnded(children)
})

test(
  'a service that dies is named, everything else is ended, and the run fails',
  { timeout: 60_000 },
  async () => {
    const run = start(['--seconds', '60', '--json'])
    await run.until('the traffic is on', () => childrenOf(run.pid).has('traffic') || undefined)
    const children = childrenOf(run.pid)
    process.kill(children.get('service') ?? 0, 'SIGKILL')
    expect(await run.exited).toBe(1)
    const summary = JSON.parse(run.said.out) as Summary
    expect(summary.ok).toBe(false)
    expect(summary.differences[0]).toContain('the service ended by itself, by SIGKILL')
    await allEnded(children)
  },
)

test('the service alone goes on when its database is killed, and says so', { timeout: 60_000 }, async () => {
  const run = start(['--service-only'])
  const url = await run.until('the service is up', () => urlIn(run.said.out))
  const children = childrenOf(run.pid)
  process.kill(children.get('embedded') ?? 0, 'SIGKILL')
  await run.until(
    'the database is missed',
    () => run.said.out.includes('the database ended by itself, by SIGKILL') || undefined,
  )
  await eventually('readiness goes', async () => (await fetch(`${url}/health/ready`)).status === 503)
  expect((await fetch(`${url}/health`)).status).toBe(200)
  run.signal('SIGINT')
  expect(await run.exited).toBe(0)
  await allEnded(children)
})

test('Ctrl-C while things start is no failure', { timeout: 60_000 }, async () => {
  const run = start(['--service-only'])
  await run.until('something has started', () => childrenOf(run.pid).size > 0 || undefined)
  const children = childrenOf(run.pid)
  run.signal('SIGINT')
  expect(await run.exited).toBe(130)
  expect(run.said.out).toMatch(/^ {2}stopped while starting$/m)
  expect(run.said.out).not.toContain('✗')
  await allEnded(children)
})

test('a port that is taken is said before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const run = start(['--port', String(port), '--seconds', '5'])
  expect(await run.exited).toBe(1)
  server.close()
  expect(run.said.out).toContain(`port ${port} is taken. Choose another with --port N`)
  expect(run.said.out).not.toContain('database')
})

test('a database that does not start is said with its reason', { timeout: 60_000 }, async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const run = start(['--json', '--seconds', '5'], { DATA_DIR: join(file, 'data') })
  expect(await run.exited).toBe(1)
  const summary = JSON.parse(run.said.out) as Summary
  expect(summary).toMatchObject({ ok: false, requests: { total: 0 } })
  expect(summary.differences).toEqual([
    expect.stringMatching(/^the database ended by itself, with exit code 1\.\n {2}E\w+/),
  ])
})

test('a bad flag is an error of its own code', async () => {
  const run = start(['--second', '5'])
  expect(await run.exited).toBe(2)
  expect(run.said).toEqual({ out: '', err: expect.stringContaining("Unknown option '--second'") })
})
