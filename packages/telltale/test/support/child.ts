import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Line } from './capture.js'
import { until } from './until.js'

const folder = new URL('../fixtures/', import.meta.url)

const running = new Set<ChildProcess>()

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A fixture as a process of its own, importing the built package as its users do. */
export class Child {
  stdout = ''
  stderr = ''
  readonly ended: Promise<Ended>
  readonly process: ChildProcess

  constructor(fixture: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    const { LOG_LEVEL: _level, LOG_FORMAT: _format, KUBERNETES_SERVICE_HOST: _host, ...own } = process.env
    this.process = spawn(process.execPath, [fileURLToPath(new URL(fixture, folder)), ...args], {
      env: { ...own, NODE_OPTIONS: '', NODE_ENV: 'test', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    running.add(this.process)
    this.process.stdout!.on('data', (chunk) => (this.stdout += String(chunk)))
    this.process.stderr!.on('data', (chunk) => (this.stderr += String(chunk)))
    this.ended = new Promise((resolve) =>
      this.process.on('close', (code, signal) => {
        running.delete(this.process)
        resolve({ code, signal })
      }),
    )
  }

  /** Every line so far; throws where one is not JSON. */
  get lines(): Line[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
  }

  get names(): string[] {
    return this.lines.map(({ event }) => event)
  }

  one(event: string): Line {
    const found = this.lines.filter((line) => line.event === event)
    if (found.length !== 1)
      throw new Error(`${found.length} lines of ${event} in:\n${this.stdout}${this.stderr}`)
    return found[0]!
  }

  async says(event: string): Promise<Line> {
    const has = (): boolean => this.stdout.includes(`"event":"${event}"`)
    await until(`${event} is written; stderr: ${this.stderr}`, () => has() || this.process.exitCode !== null)
    return this.lines.find((line) => line.event === event)!
  }

  async port(): Promise<number> {
    return Number((await this.says('listening'))['port'])
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }
}

/** Ends what a failed test left running. */
export function endChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}
