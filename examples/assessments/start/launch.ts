import { createServer } from 'node:net'
import { startChild, type Child, type ChildOptions } from './child.js'
import type { Crew } from './crew.js'
import { fetchText } from './settle.js'
import { setTimeout as wait } from 'node:timers/promises'

/** The run can't go on; the message says why, and what to do. */
export class Failure extends Error {
  override name = 'Failure'
}

/** Ctrl-C came before everything was up. */
export class Stopped extends Failure {
  override name = 'Stopped'
}

export interface Launch extends Omit<ChildOptions, 'entry'> {
  /** Path of its built file below dist. */
  entry: string
  /** The URL that a line of its stdout announces; the line that does is kept from `onStdout` when `quietly`. */
  announced: (line: Record<string, unknown>) => unknown
  quietly?: boolean
  graceMs: number
  /** For one that the run goes on without: what is told when it ends by itself. */
  onDied?: (how: string) => void
}

const READY_TIMEOUT_MS = 60_000
const DIST = new URL('../', import.meta.url)

/** Starts a child and waits until it has announced its URL. Throws Failure when it ends or takes too long. */
export async function launch(
  { entry, announced, quietly = false, graceMs, onDied, ...options }: Launch,
  crew: Crew,
  stop: AbortSignal,
): Promise<{ child: Child; url: string }> {
  let announce: (url: string) => void = () => {}
  const url = new Promise<string>((resolve) => (announce = resolve))
  let ready = false
  const onStdout = (line: string): void | Promise<void> => {
    const found = ready ? undefined : announced(objectOf(line))
    if (typeof found !== 'string') return options.onStdout(line)
    ready = true
    announce(found)
    return quietly ? undefined : options.onStdout(line)
  }
  const child = crew.add(startChild({ ...options, entry: new URL(entry, DIST), onStdout }), graceMs, onDied)
  return { child, url: await readiness(url, options.name, child.died, stop) }
}

/** Waits until the service says that it is ready to serve. */
export async function untilReady(serviceUrl: string, crew: Crew, stop: AbortSignal): Promise<void> {
  let answer = 'nothing'
  const poll = async (): Promise<void> => {
    for (;;) {
      const { status, text } = await fetchText(new URL('/health/ready', serviceUrl)).catch(
        (error: Error) => ({
          status: 0,
          text: error.message,
        }),
      )
      if (status === 200) return
      answer = `${status} ${text.slice(0, 300)}`
      await wait(50)
    }
  }
  await readiness(poll(), 'service', crew.died, stop, () => ` /health/ready last answered ${answer}.`)
}

async function readiness<T>(
  ready: Promise<T>,
  name: string,
  died: Promise<string>,
  stop: AbortSignal,
  hint = (): string => '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Failure(`the ${name} was not ready within ${READY_TIMEOUT_MS / 1_000} s.${hint()}`))
    }, READY_TIMEOUT_MS)
    const stopped = (): void => reject(new Stopped('stopped while starting'))
    if (stop.aborted) stopped()
    else stop.addEventListener('abort', stopped)
  })
  const dead = died.then((how): never => {
    throw new Failure(how)
  })
  try {
    return await Promise.race([ready, dead, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Throws Failure when `port` can't be listened on, before anything is started for nothing. */
export function checkPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const what = code === 'EADDRINUSE' ? 'is taken' : `can't be used (${code ?? message})`
      reject(
        new Failure(`port ${port} ${what}. Choose another with --port N, or leave it out for a free one.`),
      )
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}

function objectOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
