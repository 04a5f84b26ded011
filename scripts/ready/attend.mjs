import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { root } from './root.mjs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
// One Ctrl-C arrives twice: from the terminal, and passed on by npm.
const sameSignalMs = 300

/**
 * Runs a Node.js program in the foreground until it ends and takes over its exit code. It has a process group of its own,
 * so that each signal reaches it once, through here, whoever sent it: a terminal, npm or a supervisor. `leash` is a module
 * that the program loads first, and that ends it when its IPC channel closes because this process was killed outright.
 */
export async function attend(args, { leash } = {}) {
  const child = spawn(process.execPath, leash === undefined ? args : ['--import', leash, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', ...(leash === undefined ? [] : ['ipc'])],
    detached: process.platform !== 'win32',
  })
  const last = new Map()
  const passOn = (signal) => {
    const now = performance.now()
    if (now - (last.get(signal) ?? -Infinity) > sameSignalMs) child.kill(signal)
    last.set(signal, now)
  }
  for (const signal of signals) process.on(signal, passOn)
  const [code, signal] = await once(child, 'exit')
  for (const name of signals) process.off(name, passOn)
  process.exitCode = code ?? 128 + constants.signals[signal]
}
