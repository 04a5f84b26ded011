import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readLines } from './lines.js'

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  /** It had to be killed: SIGTERM did not end it in time. */
  killed: boolean
}

export interface Child {
  name: string
  /** Resolves when the process ended and all its output was read. */
  ended: Promise<Ending>
  /** How it ended if nobody asked it to, with the end of its stderr; never resolves otherwise. */
  died: Promise<string>
  /** Ends it: SIGTERM to the process, SIGKILL to its group after `graceMs`. */
  end(graceMs: number): Promise<Ending>
  /** SIGKILL to its group, at once. */
  kill(): void
}

export interface ChildOptions {
  name: string
  entry: URL
  args?: readonly string[]
  env?: Record<string, string>
  /** Get each line; a promise slows the process's output down. */
  onStdout: (line: string) => void | Promise<void>
  onStderr?: (line: string) => void | Promise<void>
}

const LAST_WORDS = 8
const LEASH = new URL('./leash.js', import.meta.url).href
const living = new Set<ChildProcess>()
// Whatever ends the runner, a bug of its own included, ends the children.
process.on('exit', () => living.forEach(killGroup))

/** Starts a Node.js process in a group of its own, on a leash: it ends when this process does. */
export function startChild({ name, entry, args = [], env, onStdout, onStderr }: ChildOptions): Child {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--import', LEASH, fileURLToPath(entry), ...args],
    {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  )
  living.add(child)
  const words: string[] = []
  const stdout = child.stdout && readLines(child.stdout, onStdout)
  const takeStderr = (line: string): void | Promise<void> => {
    words.push(line)
    if (words.length > LAST_WORDS) words.shift()
    return onStderr?.(line)
  }
  const stderr = child.stderr && readLines(child.stderr, takeStderr)
  // What it may have left behind in its group, holding its pipes open, goes with it.
  child.once('exit', () => killGroup(child))
  let asked = false
  let killed = false
  const kill = (): void => {
    asked = killed = true
    killGroup(child)
  }
  const ended = (async (): Promise<Ending> => {
    const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
    const [code, signal] = await closed.catch(async (error: unknown): Promise<[null, null]> => {
      await takeStderr(`could not be started: ${String(error)}`)
      return [null, null]
    })
    await Promise.allSettled([stdout, stderr])
    living.delete(child)
    return { code, signal, killed }
  })()
  return {
    name,
    ended,
    died: new Promise((resolve) => {
      void ended.then((ending) => {
        if (!asked) resolve([`the ${name} ended by itself, ${describe(ending)}.`, ...words].join('\n  '))
      })
    }),
    async end(graceMs) {
      asked = true
      child.kill('SIGTERM')
      const timer = setTimeout(kill, graceMs)
      const ending = await ended
      clearTimeout(timer)
      return ending
    },
    kill,
  }
}

export const describe = ({ code, signal }: Ending): string =>
  signal === null ? `with exit code ${code}` : `by ${signal}`

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // ESRCH: nothing of the group is left.
  }
}
