import { endLog } from '../log/end.js'
import { reopenFiles } from '../log/sinks/file.js'
import { isatty } from 'node:tty'
import { slot } from '../state/state.js'
import { drain } from './drain.js'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const installed = slot('lifecycle.signals', () => ({ on: false, received: 0 }))

/**
 * SIGTERM, SIGINT and SIGHUP drain, then end the process, unless the app has a listener of its own: then it ends it. Where
 * lines go to files and no terminal can have hung up, SIGHUP opens the files anew instead, as daemons do.
 */
export function listenToSignals(): void {
  if (installed.on) return
  installed.on = true
  installed.received = 0
  for (const signal of signals) process.on(signal, onSignal)
}

export function ignoreSignals(): void {
  installed.on = false
  for (const signal of signals) process.off(signal, onSignal)
}

function onSignal(signal: NodeJS.Signals): void {
  if (signal === 'SIGHUP' && !hasTerminal() && reopenFiles()) return
  installed.received++
  if (installed.received > 1) {
    // Whoever sends a second signal does not want to wait.
    endLog()
    ignoreSignals()
    process.kill(process.pid, signal)
    return
  }
  const appEnds = process.listenerCount(signal) > 1
  void drain(signal).then((cut) => {
    if (appEnds) return
    process.exit(cut.length > 0 ? 1 : (process.exitCode ?? 0))
  })
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((fd) => isatty(fd))
}
