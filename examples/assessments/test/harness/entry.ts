import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.js'

/** One line of an entry's output; text that is no JSON object stands under `text`. */
export type Line = Record<string, unknown>

export interface Entry {
  /** Every line of stdout so far. */
  lines: Line[]
  /** Everything said so far, stderr too. */
  said(): string
  isAlive(): boolean
  /** The first line that passes, when it has come; throws at the deadline, or when the process ended without it. */
  line(what: string, passes: (line: Line) => boolean): Promise<Line>
  /** Sends the signal; resolves to the exit code, or to the name of the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | string>
  exited: Promise<number | string>
}

const STOP_DEADLINE_MS = 25_000

/** Starts a built entry of the example, such as `src/service`, with nothing in its environment but what is given. */
export function startEntry(name: string, env: Record<string, string>): Entry {
  const file = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const exited = once(child, 'close').then(([code, signal]) => {
    process.off('exit', killWithUs)
    return (code ?? signal) as number | string
  })

  const lines: Line[] = []
  let said = ''
  createInterface({ input: child.stdout }).on('line', (text) => {
    said += `${text}\n`
    lines.push(parse(text))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })

  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null
  return {
    lines,
    said: () => said,
    isAlive,
    exited,
    line: async (what, passes) => {
      const found = await eventually(
        `${name}: ${what}`,
        () => lines.find(passes) ?? (isAlive() ? undefined : null),
      )
      if (found) return found
      await exited
      throw new Error(`${name} ended before: ${what}\n${said}`)
    },
    end: async (signal = 'SIGTERM') => {
      const deadline = setTimeout(killWithUs, STOP_DEADLINE_MS)
      child.kill(signal)
      return exited.finally(() => clearTimeout(deadline))
    },
  }
}

function parse(text: string): Line {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Line
  } catch {
    // Said below: the tests look for such lines.
  }
  return { text }
}
