import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './root.mjs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const endsWithinMs = 5_000
const running = new Set()
let brokenOff
process.on('exit', () => killAll('SIGKILL'))

/**
 * Runs a program to its end and gives back its exit code and all it said. Never rejects: one that can't start has code
 * 127. It has a process group of its own: a signal that ends this process ends the whole group first, so that the next
 * run meets no install or build that still goes on.
 */
export function run(file, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve) => {
    const detached = process.platform !== 'win32'
    const child = spawn(file, args, { cwd, env, detached, stdio: ['ignore', 'pipe', 'pipe'] })
    if (running.size === 0) for (const signal of signals) process.on(signal, breakOff)
    running.add(child)
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    const end = (code) => {
      running.delete(child)
      if (running.size === 0) {
        if (brokenOff !== undefined) process.exit(128 + constants.signals[brokenOff])
        for (const signal of signals) process.off(signal, breakOff)
      }
      // Broken off, the caller has nothing to go on with: the process exits when the last program has ended.
      if (brokenOff === undefined) resolve({ code, stdout, stderr, output: stdout + stderr })
    }
    child.once('error', (error) => {
      stderr += error.message
      end(127)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}

function breakOff(signal) {
  if (brokenOff === undefined) setTimeout(() => killAll('SIGKILL'), endsWithinMs)
  brokenOff ??= signal
  killAll(signal)
}

function killAll(signal) {
  for (const child of running) {
    try {
      if (process.platform === 'win32') child.kill(signal)
      else process.kill(-child.pid, signal)
    } catch {
      // It has ended, or never began.
    }
  }
}
