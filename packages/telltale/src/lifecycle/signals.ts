import { flushAtExit } from '../log/pipeline.js'
import { slot } from '../state/state.js'
import { drain } from './drain.js'

const signals = ['SIGTERM', 'SIGINT'] as const
const installed = slot('lifecycle.signals', () => ({ on: false, received: 0 }))

/** SIGTERM and SIGINT drain, then end the process, unless the app has a listener of its own: then it ends it. */
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
  installed.received++
  if (installed.received > 1) {
    // Whoever sends a second signal does not want to wait.
    flushAtExit()
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
