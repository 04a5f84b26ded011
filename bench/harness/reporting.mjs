import { spawn } from 'node:child_process'

/**
 * Runs a program that is not Node's: `next()` resolves to the report it writes as the last line of its stderr, in JSON,
 * once it has ended, as `startChild` has it for messages. Rejects with what it said if it failed.
 */
export function startReporting(command, args, { stdout = 'ignore' } = {}) {
  const child = spawn(command, args, {
    stdio: ['ignore', stdout, 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)))
  const report = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('exit', end)
      try {
        if (code === 0) return resolve(JSON.parse(said.trimEnd().split('\n').at(-1)))
      } catch {
        // It ended without a report.
      }
      reject(new Error(`${[command, ...args].join(' ')}: ended with ${code}.\n${said}`.trimEnd()))
    })
  })
  return { pid: child.pid, next: () => report, stop: () => report.catch(end) }
}
