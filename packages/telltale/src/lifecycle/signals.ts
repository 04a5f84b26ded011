import { isatty } from 'node:tty'
import { cutOpen } from '../http/inflight.js'
import { endLog } from '../log/end.js'
import { reopenFiles } from '../log/sinks/file.js'
import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { slot } from '../state/state.js'
import { isClusterWorker, isLifecycleMessage } from './cluster.js'
import { interruptFlows, named } from './cut.js'
import { drain } from './drain.js'
import { isEcho } from './echo.js'
import { closeExits } from './exits.js'
import { hasOthers } from './others.js'

const log = loggerNamed('telltale')
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const installed = slot('lifecycle.signals', () => ({
  on: false,
  first: undefined as { readonly signal: NodeJS.Signals; readonly at: number } | undefined,
  /** The primary's message has been taken, or is while the signal's listeners are called. */
  told: undefined as 'now' | 'before' | undefined,
}))

/**
 * SIGTERM, SIGINT and SIGHUP drain, then end the process, unless the app has a listener of its own: then it ends it. Where
 * lines go to files and no terminal can have hung up, SIGHUP opens the files anew instead, as daemons do.
 */
export function listenToSignals(): void {
  if (installed.on) return
  installed.on = true
  installed.first = undefined
  installed.told = undefined
  // Before the app's: one that listens once is gone when those behind it are called.
  for (const signal of signals) process.prependListener(signal, onSignal)
  if (isClusterWorker()) process.on('message', onMessage)
}

export function ignoreSignals(): void {
  installed.on = false
  for (const signal of signals) process.off(signal, onSignal)
  process.off('message', onMessage)
}

/** The primary of a cluster drains: as if it were a signal, but none that makes the one of a process group a second. */
function onMessage(message: unknown): void {
  if (!isLifecycleMessage(message) || message.kind !== 'drain') return
  process.send?.({ telltale: 'lifecycle', kind: 'draining' }, undefined, undefined, () => undefined)
  if (installed.first !== undefined || installed.told !== undefined) return
  installed.told = 'now'
  try {
    process.emit(message.signal, message.signal)
  } finally {
    installed.told = 'before'
  }
}

function onSignal(signal: NodeJS.Signals): void {
  if (signal === 'SIGHUP' && !hasTerminal() && reopenFiles()) return
  const appEnds = hasOthers(signal)
  const { first } = installed
  if (first !== undefined) {
    if (!isEcho(signal, first, performance.now())) endNow(signal, appEnds)
    return
  }
  if (installed.told !== 'now') installed.first = { signal, at: performance.now() }
  void drain(signal).then((cut) => {
    if (appEnds) return
    process.exit(cut.length > 0 ? 1 : (process.exitCode ?? 0))
  })
}

/** Whoever sends a second signal does not want to wait: what is left is cut and named, and nothing more is sent. */
function endNow(signal: NodeJS.Signals, appEnds: boolean): void {
  // The app's own listener is being told of this one: what becomes of the requests is its own affair.
  if (!appEnds) {
    const cut = named([...cutOpen(), ...interruptFlows()])
    log.raise(warning, 'shutdown_interrupted', { signal, cut: cut.length === 0 ? undefined : cut }, undefined)
    closeExits()
  }
  endLog()
  ignoreSignals()
  if (!appEnds) process.kill(process.pid, signal)
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((fd) => isatty(fd))
}
