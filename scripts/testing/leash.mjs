// Runs a program that must not outlive who started it: node leash.mjs FOLDER PROGRAM [ARGUMENT…]. When stdin ends, however
// its owner went, the program is killed; when the program is gone, FOLDER is removed. Exits with the program's code.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [folder, program, ...args] = process.argv.slice(2)
const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
const end = () => child.kill('SIGKILL')
process.stdin.on('close', end).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)

child.on('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`)
  leave(127)
})
child.on('exit', (code) => leave(code ?? 1))

function leave(code) {
  rmSync(folder, { recursive: true, force: true })
  process.exit(code)
}
