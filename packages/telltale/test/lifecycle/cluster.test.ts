import { afterEach, describe, expect, test } from 'vitest'
import type { Line } from '../support/capture.js'
import { Child, endChildren } from '../support/child.js'
import { ask } from '../support/client.js'
import { until } from '../support/until.js'

// More than a busy machine needs.
const smallChangeMs = 1500

const left = new Set<number>()
afterEach(() => {
  endChildren()
  for (const pid of left) if (isThere(pid)) process.kill(pid, 'SIGKILL')
  left.clear()
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

class Cluster extends Child {
  pids: number[] = []
  answered: Promise<unknown> | undefined

  constructor(way: string, lifecycle: object = {}) {
    super('end-cluster.mjs', [way, JSON.stringify({ lifecycle })])
  }

  async serving(): Promise<number> {
    const { port, pids } = await this.says('listening')
    this.pids = pids as number[]
    for (const pid of this.pids) left.add(pid)
    return port as number
  }

  /** A worker has the request when this resolves. */
  async asks(path: string): Promise<void> {
    const answer = ask(await this.serving(), path)
    this.answered = answer.then(
      ({ body }) => body,
      (error: NodeJS.ErrnoException) => error.code,
    )
    await this.says('asked')
  }

  /** As Ctrl-C and service managers do. */
  killAll(signal: NodeJS.Signals): void {
    for (const pid of [this.process.pid!, ...this.pids]) process.kill(pid, signal)
  }

  /** Whose event it was, in the order in which they came. */
  whose(event: string): unknown[] {
    return this.lines.filter((line) => line.event === event).map((line) => line['service'])
  }

  /** The primary's `shutdown_completed`. */
  get last(): Line {
    return this.lines.find((line) => line.event === 'shutdown_completed' && line['service'] === 'primary')!
  }

  /** What the primary says was cut, without pids. */
  get cut(): string[] | undefined {
    const cut = this.last['cut'] as string[] | undefined
    return cut?.map((text) => text.replace(/worker \d \(pid \d+\)/, 'worker'))
  }
}

const ways: readonly (readonly [string, (child: Cluster) => void])[] = [
  ['SIGTERM for the primary alone', (child) => child.kill('SIGTERM')],
  ['SIGTERM for the group', (child) => child.killAll('SIGTERM')],
  ['SIGINT for the group', (child) => child.killAll('SIGINT')],
  ['SIGHUP for the primary alone', (child) => child.kill('SIGHUP')],
]

describe('a request under way in a worker', () => {
  test.each(ways)('is answered after %s, and the primary ends last', async (_, end) => {
    const child = new Cluster('plain')
    await child.asks('/slow')
    end(child)
    expect(await child.answered).toBe('whole')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.whose('shutdown_started').toSorted()).toEqual(['primary', 'worker', 'worker'])
    expect(child.whose('shutdown_completed')).toEqual(['worker', 'worker', 'primary'])
    expect(child.names.at(-2)).toBe('primary_closed')
    expect(child.cut).toBeUndefined()
  })

  test.each(['anew', 'always'])('is answered where the primary forks %s', async (way) => {
    const child = new Cluster(way)
    await child.asks('/slow')
    child.kill('SIGTERM')
    expect(await child.answered).toBe('whole')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    if (way === 'anew') expect(child.whose('shutdown_completed')).toHaveLength(3)
  })

  test('is answered where the primary passes signals on itself, and the group has it', async () => {
    const child = new Cluster('passes_on')
    await child.asks('/slow')
    child.killAll('SIGTERM')
    expect(await child.answered).toBe('whole')
    expect(await child.ended).toEqual({ code: 0, signal: null })
  })

  test('is answered where the worker has no Telltale and hears of the signal alone', async () => {
    const child = new Cluster('without_setup')
    await child.asks('/slow')
    child.kill('SIGTERM')
    expect(await child.answered).toBe('whole')
    expect(await child.ended).toEqual({ code: 0, signal: null })
  })

  test("is answered after the primary's shutdown(), which leaves no worker", async () => {
    const child = new Cluster('shuts_down')
    await child.asks('/slow')
    expect(await child.answered).toBe('whole')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.one('primary_left')['workers']).toBe(0)
  })

  test('that hangs is cut by the worker, and the primary says so', async () => {
    const child = new Cluster('plain', { drainTimeoutMs: 500 })
    await child.asks('/hang')
    child.kill('SIGTERM')
    expect(await child.answered).toBe('ECONNRESET')
    expect(await child.ended).toEqual({ code: 1, signal: null })
    expect(child.cut).toEqual(['worker: exit code 1'])
  })
})

describe('a worker', () => {
  test('whose listener of the app does not end it is killed in time, and named', async () => {
    const child = new Cluster('leaves', { drainTimeoutMs: 500, flushTimeoutMs: 600 })
    await child.serving()
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 1, signal: null })
    expect(child.last['duration_ms']).toBeLessThan(1100 + smallChangeMs)
    expect(child.cut).toEqual(['worker', 'worker'])
    await until('no worker is left', () => !child.pids.some(isThere))
  })

  test('that drains for all its time is not killed before it has said so', async () => {
    const child = new Cluster('stalls', { drainTimeoutMs: 500 })
    await child.serving()
    child.kill('SIGTERM')
    expect(await child.ended).toEqual({ code: 1, signal: null })
    expect(child.whose('shutdown_completed')).toEqual(['worker', 'worker', 'primary'])
    expect(child.cut).toEqual(['worker: exit code 1', 'worker: exit code 1'])
  })

  test('that was killed meanwhile, or ended with its own code, is named by it', async () => {
    const child = new Cluster('fails', { drainTimeoutMs: 5000 })
    await child.asks('/hang')
    child.kill('SIGTERM')
    await until('one has ended', () => child.pids.filter(isThere).length === 1)
    process.kill(child.pids.find(isThere)!, 'SIGKILL')
    expect(await child.ended).toEqual({ code: 1, signal: null })
    expect(child.cut).toEqual(['worker: exit code 7', 'worker: SIGKILL'])
  })
})

test('a second signal for the primary ends all at once', async () => {
  const child = new Cluster('plain')
  await child.asks('/hang')
  child.kill('SIGTERM')
  await child.says('shutdown_started')
  child.kill('SIGINT')
  expect(await child.ended).toEqual({ code: null, signal: 'SIGINT' })
  await until('no worker is left', () => !child.pids.some(isThere))
})
