import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'
import type { SetupOptions } from '../../src/index.js'
import type { Line } from '../support/capture.js'
import type { Ended } from '../support/child.js'
import { until } from '../support/until.js'

const running = new Set<Writing>()
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

/** What a writing process has as its standard output. */
export const destinations = ['fifo', 'socket', 'file'] as const
export type Destination = (typeof destinations)[number]

export interface Plan {
  readonly way: string
  readonly setup?: SetupOptions
  readonly count?: number
  /** Characters of filling in each line. */
  readonly size?: number
  readonly [detail: string]: unknown
}

export interface How {
  readonly to?: Destination | 'closed' | number
  readonly stderr?: 'pipe' | number
  readonly fixture?: string
  readonly node?: readonly string[]
  /** Whether nothing is read until `read()`. */
  readonly late?: boolean
  /** Whether it says `full` on stderr when a write finds no room, and `ending` before anything else at its exit. */
  readonly saysFull?: boolean
  /** Whether its pipe may not be opened again, as that of another user. */
  readonly isForeign?: boolean
}

// Loaded before the fixture.
const refuseToOpen = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const open = fs.openSync
fs.openSync = (path, ...rest) => {
  if (String(path).startsWith('/proc/self/fd/')) throw Object.assign(new Error('denied'), { code: 'EACCES' })
  return open(path, ...rest)
}
syncBuiltinESMExports()`

const sayFull = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const write = fs.writeSync
let said = 0
process.on('exit', () => write(2, 'ending'))
fs.writeSync = (...args) => {
  try {
    return write(...args)
  } catch (error) {
    if (error.code === 'EAGAIN' && said++ < 10) write(2, 'full')
    throw error
  }
}
syncBuiltinESMExports()`

/** A folder that goes with the test. */
const folders = new Set<string>()

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'writing-'))
  folders.add(made)
  return made
}

/** A pipe with a name; `read` and `write` are descriptors of its two ends. */
export function fifo(): { path: string; read: number; write: number } {
  const path = join(folder(), 'pipe')
  execFileSync('mkfifo', [path])
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { path, read, write: openSync(path, constants.O_WRONLY) }
}

/** A process that logs by a plan to a destination that is read here. */
export class Writing {
  stderr = ''
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  private readonly chunks: Buffer[] = []
  private readonly source: Readable | undefined
  private readonly path: string | undefined
  private readonly readToEnd: Promise<void>
  private isOver = false

  constructor(plan: Plan, how: How = {}) {
    const to = how.to ?? 'fifo'
    const preloads = [how.saysFull && sayFull, how.isForeign && refuseToOpen].filter(
      (code) => typeof code === 'string',
    )
    const options = preloads.map((code) => `--import=data:text/javascript,${encodeURIComponent(code)}`)
    const { LOG_LEVEL: _level, LOG_FORMAT: _format, KUBERNETES_SERVICE_HOST: _host, ...env } = process.env
    let stdout: number | 'pipe' = typeof to === 'number' ? to : 'pipe'
    let pipe: ReturnType<typeof fifo> | undefined
    if (to === 'fifo') {
      pipe = fifo()
      stdout = pipe.write
    } else if (to === 'file') {
      this.path = join(folder(), 'out')
      stdout = openSync(this.path, 'w')
    }
    const args = [...(how.node ?? []), fixture(how.fixture ?? 'writer.mjs'), JSON.stringify(plan)]
    const [command, given]: [string, string[]] =
      to === 'closed'
        ? ['/bin/sh', ['-c', 'exec "$0" "$@" >&-', process.execPath, ...args]]
        : [process.execPath, args]
    this.process = spawn(command, given, {
      cwd: folder(),
      env: { ...env, NODE_ENV: 'test', NODE_OPTIONS: options.join(' ') },
      stdio: ['pipe', stdout, how.stderr ?? 'pipe'],
    })
    running.add(this)
    // It may be gone before it is asked anything.
    this.process.stdin!.on('error', () => undefined)
    this.process.stderr?.on('data', (chunk) => (this.stderr += String(chunk)))
    if (typeof stdout === 'number' && typeof to !== 'number') closeSync(stdout)
    if (pipe !== undefined) this.source = new Socket({ fd: pipe.read, readable: true, writable: false })
    else if (to === 'socket') this.source = this.process.stdout!
    this.readToEnd =
      this.source === undefined ? Promise.resolve() : this.collect(this.source, how.late === true)
    const closed = new Promise<Ended>((resolve) =>
      this.process.on('exit', (code, signal) => {
        this.isOver = true
        resolve({ code, signal })
      }),
    )
    this.ended = closed.then(async (ended) => {
      running.delete(this)
      await this.readToEnd
      return ended
    })
  }

  get hasExited(): boolean {
    return this.isOver
  }

  /** What has arrived. */
  get text(): string {
    return this.path === undefined ? Buffer.concat(this.chunks).toString() : readFileSync(this.path, 'utf8')
  }

  /** Every line that has arrived, the last one too if it is cut; throws where one is not JSON. */
  get lines(): Line[] {
    return parse(this.text)
  }

  /** The numbers of the app's own lines, as they have arrived. */
  get numbers(): number[] {
    return numbers(this.lines)
  }

  /** The paths of what it has open, a moved file's by its new name. */
  get openFiles(): string[] {
    const descriptors = `/proc/${this.process.pid}/fd`
    return readdirSync(descriptors).map((fd) => {
      try {
        return readlinkSync(join(descriptors, fd))
      } catch {
        return 'closed since'
      }
    })
  }

  /** Begins to read. */
  read(): void {
    this.source!.resume()
  }

  /** Begins to read, and waits a turn after each part that comes. */
  readInParts(): void {
    this.source!.on('data', () => {
      this.source!.pause()
      setTimeout(() => this.source!.resume(), 1)
    })
    this.source!.resume()
  }

  /** Reads no more and closes this end. */
  hangUp(): void {
    this.source!.destroy()
  }

  send(text: string): void {
    this.process.stdin!.write(text)
  }

  async says(text: string): Promise<void> {
    await until(`"${text}" on stderr, which is: ${this.stderr.slice(-2000)}`, () => {
      if (this.isOver && !this.stderr.includes(text)) throw new Error(`it ended and said: ${this.stderr}`)
      return this.stderr.includes(text)
    })
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  private collect(source: Readable, late: boolean): Promise<void> {
    source.on('data', (chunk: Buffer) => this.chunks.push(chunk))
    source.on('error', () => undefined)
    if (late) source.pause()
    return new Promise((resolve) => source.on('close', resolve))
  }
}

export function parse(text: string): Line[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => JSON.parse(line) as Line)
}

export function numbers(lines: readonly Line[]): number[] {
  return lines.filter(({ event }) => event === 'line').map((line) => line['n'] as number)
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_each, n) => n)

/** Ends what a failed test left running, and removes what it left behind. */
export function cleanUp(): void {
  for (const each of running) each.kill('SIGKILL')
  running.clear()
  for (const each of folders) rmSync(each, { recursive: true, force: true })
  folders.clear()
}
