import { spawn } from 'node:child_process'
import { root } from './root.mjs'

const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill()))

/** Runs a program to its end and gives back its exit code and all it said. Never rejects: one that can't start has code 127. */
export function run(file, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    const end = (code) => {
      running.delete(child)
      resolve({ code, stdout, stderr, output: stdout + stderr })
    }
    child.once('error', (error) => {
      stderr += error.message
      end(127)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}
