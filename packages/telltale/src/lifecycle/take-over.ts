import { isMainThread } from 'node:worker_threads'
import { hasUnflushed } from '../errors/exits.js'
import { type ErrorRecord, fullError, isError } from '../errors/record.js'
import { withoutSeeing } from '../errors/seen.js'
import { phase } from '../health/phase.js'
import { closeListeners } from '../http/servers.js'
import { flushSinks, sinksToSettle } from '../log/deliver.js'
import { ending } from '../log/sinks/ending.js'
import { policy } from '../redact/policy.js'
import { show } from '../self/show.js'
import { closeExits, flushExits, haveWork } from './exits.js'
import { leftUntil, within } from './within.js'

const maxFlushMs = 2000
const maxText = 65_536

let isEnding = false

/** The app, a test runner or a domain decides what becomes of an uncaught exception. */
export function othersDecide(): boolean {
  return (
    process.listeners('uncaughtException').some((listener) => listener !== endProcess) ||
    process.hasUncaughtExceptionCaptureCallback()
  )
}

/**
 * From the monitor, before Node asks who handles the exception: Telltale does where nobody else would and an exit has
 * something to send, and ends the process when that is sent. A worker thread's end is left to the thread that started it.
 */
export function takeOver(): void {
  if (!isMainThread || isEnding || othersDecide() || !haveWork()) return
  process.on('uncaughtException', endProcess)
}

/** Stays a listener until the end: what else fails meanwhile is written by the monitor and changes nothing. */
function endProcess(thrown: unknown): void {
  if (isEnding) return
  isEnding = true
  process.exitCode = 1
  void flushAndExit(thrown)
}

async function flushAndExit(thrown: unknown): Promise<void> {
  try {
    phase.draining = true
    closeListeners()
    flushSinks()
    await within(timeLeft(), () => Promise.all([flushExitsUntilQuiet(), settleSinks()]))
    closeExits()
    process.stderr.write(asNodeSays(thrown))
  } finally {
    process.exit(1)
  }
}

/** Within a drain not more than what is left of it. */
function timeLeft(): number {
  return Math.min(maxFlushMs, leftUntil(ending.latest ?? Infinity))
}

async function settleSinks(): Promise<void> {
  await Promise.all(sinksToSettle().map((sink) => sink.settle()))
}

/** What fails while the first is sent is sent, too. */
async function flushExitsUntilQuiet(): Promise<void> {
  do await flushExits()
  while (hasUnflushed())
}

/** As Node's own message, but screened, and without fields that no log line has. */
function asNodeSays(error: unknown): string {
  const text = isError(error)
    ? stackOf(
        withoutSeeing(() => fullError(error)),
        '',
      )
    : `Uncaught ${show(error)}`
  return `${policy.current.text(text.slice(0, maxText))}\n\nNode.js ${process.version}\n`
}

function stackOf({ type, message, stack, code, cause }: ErrorRecord, indent: string): string {
  const own = (stack ?? `${type}: ${message}`).replaceAll('\n', `\n${indent}`)
  const inner = `${indent}  `
  return (
    own +
    (code === undefined ? '' : `\n${inner}code: ${code}`) +
    (cause === undefined ? '' : `\n${inner}[cause]: ${stackOf(cause, inner)}`)
  )
}
