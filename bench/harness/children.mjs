import { spawn } from 'node:child_process'
import { once } from 'node:events'

const running = new Set()
// A measurement that is broken off leaves nothing behind, whatever broke it off.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.on(signal, () => process.exit(code))

/**
 * Starts a Node program with a message channel. Its stdout goes to the file descriptor `stdout`; its stderr is
 * kept and shown if it fails. The environment is the caller's without what would change how a peer or Telltale
 * behaves (NODE_OPTIONS, log levels, exporters).
 */
export function startChild(file, args = [], { stdout = 'ignore', execArgv = [] } = {}) {
  const child = spawn(process.execPath, [...execArgv, file, ...args], {
    stdio: ['ignore', stdout, 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' },
  })
  running.add(child)
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-4000)))
  const gone = once(child, 'exit').then(([code, signal]) => {
    running.delete(child)
    return code ?? signal
  })

  const inbox = []
  let waiting
  child.on('message', (message) => {
    inbox.push(message)
    waiting?.()
  })
  gone.then((how) => {
    inbox.push({ error: `ended with ${how}.` })
    waiting?.()
  })

  /** The next message of the child, one that came earlier too; rejects if it ends, or says nothing for `timeoutMs`. */
  async function next(timeoutMs = 15_000) {
    const timer = setTimeout(() => {
      inbox.push({ error: `nothing for ${timeoutMs} ms.` })
      waiting?.()
    }, timeoutMs)
    if (inbox.length === 0) await new Promise((resolve) => (waiting = resolve))
    clearTimeout(timer)
    const message = inbox.shift()
    if (message.error === undefined) return message
    throw new Error(`${[file, ...args].join(' ')}: ${message.error}\n${errors}`.trimEnd())
  }

  return {
    pid: child.pid,
    next,
    /** Sends a message and waits for the answer. */
    ask(message, timeoutMs) {
      const answer = next(timeoutMs)
      child.send(message)
      return answer
    },
    /** Asks the process to end and waits for it: `SIGTERM` lets it write its last lines, `SIGKILL` does not. */
    async stop(signal = 'SIGKILL') {
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      const how = await gone
      clearTimeout(timer)
      return how
    },
  }
}
