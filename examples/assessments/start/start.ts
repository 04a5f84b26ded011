import { parseFlags, USAGE, type Flags } from './flags.js'
import { run } from './run.js'

// Entry of `npm start`: database, gateway, service and traffic, each a process in a group of its own, so that Ctrl-C
// reaches only this one, which ends them in order. Exit codes: 0 all agreed, 1 something did not, 2 bad flags,
// 130 stopped while starting, or at once by a second Ctrl-C.

// A terminal, npm and the script that starts this one may each pass on the same Ctrl-C.
const SAME_CTRL_C_MS = 500
const INTERRUPTED = 130

const flags = readFlags()
const stop = new AbortController()
let stoppedAt = -Infinity
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const now = performance.now()
    if (!stop.signal.aborted) stoppedAt = now
    // The children go with this process: see child.ts.
    else if (now - stoppedAt > SAME_CTRL_C_MS) process.exit(INTERRUPTED)
    stop.abort()
  })
}

// Whoever was reading is gone, as in `npm start | head`.
process.stdout.on('error', () => stop.abort())

const { summary, stopped } = await run(flags, stop.signal)
if (flags.json) {
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(summary)}\n`, resolve))
}
process.exit(stopped ? INTERRUPTED : summary.ok ? 0 : 1)

function readFlags(): Flags {
  try {
    const flags = parseFlags(process.argv.slice(2))
    if (!flags.help) return flags
    process.stdout.write(USAGE)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(2)
  }
}
