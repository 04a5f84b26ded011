import { isatty } from 'node:tty'
import { endLog } from '../log/end.js'
import { reopenFiles } from '../log/sinks/file.js'
import { slot } from '../state/state.js'
import { drain } from './drain.js'
import { isEcho } from './echo.js'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const installed = slot('lifecycle.signals', () => ({
  on: false,
  first: undefined as { readonly signal: NodeJS.Signals; readonly at: number } | undefined,
}))

/**
 * SIGTERM, SIGINT and SIGHUP drain, then end the process, unless the app has a listener of its own: then it ends it. Where
 * lines go to files and no terminal can have hung up, SIGHUP opens the files anew instead, as daemons do.
 */
export function listenToSignals(): void {
  if (installed.on) return
  installed.on = true
  installed.first = undefined
  // Before the app's: one that listens once is gone when those behind it are called.
  for (const signal of signals) process.prependListener(signal, onSignal)
}

export function ignoreSignals(): void {
  installed.on = false
  for (const signal of signals) process.off(signal, onSignal)
}

function onSignal(signal: NodeJS.Signals): void {
  if (signal === 'SIGHUP' && !hasTerminal() && reopenFiles()) return
  const appEnds = hasOthers(signal)
  const { first } = installed
  if (first !== undefined) {
    if (!isEcho(signal, first, performance.now())) endNow(signal, appEnds)
    return
  }
  installed.first = { signal, at: performance.now() }
  void drain(signal).then((cut) => {
    if (appEnds) return
    process.exit(cut.length > 0 ? 1 : (process.exitCode ?? 0))
  })
}

/** Whoever sends a second signal does not want to wait. */
function endNow(signal: NodeJS.Signals, appEnds: boolean): void {
  endLog()
  ignoreSignals()
  // The app's own listener is being told of this one.
  if (!appEnds) process.kill(process.pid, signal)
}

function hasOthers(signal: NodeJS.Signals): boolean {
  return process.listenerCount(signal) > 1 + bystanders()
}

/** The listeners of `signal-exit`, which many libraries bring: where others listen it leaves the ending to them. */
function bystanders(): number {
  const versions = [
    (globalThis as Record<symbol, unknown>)[Symbol.for('signal-exit emitter')],
    (process as { __signal_exit_emitter__?: unknown }).__signal_exit_emitter__,
  ] as ({ readonly count?: number } | undefined)[]
  return versions.reduce((sum, version) => sum + (version?.count ?? 0), 0)
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((fd) => isatty(fd))
}
