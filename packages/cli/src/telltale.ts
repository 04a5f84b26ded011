import { run } from './cli.js'

let listener: (() => void) | undefined
process.on('SIGINT', () => {
  if (listener === undefined) process.exit(130)
  listener()
})

const { stdin, stdout, stderr } = process
// Nobody reads what it would say: nothing more to do about it.
stderr.on('error', () => undefined)
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
})

try {
  process.exitCode = await run(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    onInterrupt: (next) => (listener = next),
  })
} catch (error) {
  stderr.write(`telltale: ${(error as Error).message}\n`)
  process.exitCode = 1
}
// What is left open, a terminal or a pipe whose writer goes on, must not hold the end up.
stdin.unref?.()
