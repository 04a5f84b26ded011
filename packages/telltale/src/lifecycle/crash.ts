import { type Scope, scopes } from '../context/scope.js'
import { flushErrorExits, hasUnflushed } from '../errors/exits.js'
import { asError } from '../errors/record.js'
import { openFlows } from '../flow/open.js'
import { critical } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { endLog } from '../log/end.js'
import { ending } from '../log/sinks/ending.js'
import { writeRecorded } from '../log/recorder/record.js'
import { reportFailure } from '../log/report.js'
import { slot } from '../state/state.js'
import { hearRejections } from './rejections.js'
import { rejectedWith } from './rejected.js'
import { othersDecide, takeOver } from './take-over.js'

const log = loggerNamed('process')
const installed = slot('lifecycle.crash', () => ({ on: false }))

/**
 * Uncaught exceptions and unhandled rejections are written and reported before Node ends the process as it always does,
 * with its own message and exit code; where an exit still has something to send, Telltale ends it as soon as that is sent.
 * Every end flushes the log.
 */
export function watchTheEnd(): void {
  if (installed.on) return
  installed.on = true
  process.on('uncaughtExceptionMonitor', (error: unknown, origin: string) => {
    if (origin === 'unhandledRejection') say('unhandled_rejection', rejectedWith(error))
    else say('uncaught_exception', error)
    if (othersDecide()) return
    for (const flow of [...openFlows()]) flow.interrupt()
    takeOver()
  })
  hearRejections((reason) => say('unhandled_rejection', reason))
  // Before the app's own: a line of theirs that waited for a later turn would be a reason for one, and for this again.
  process.prependListener('beforeExit', () => {
    ending.idle = true
    process.nextTick(() => (ending.idle = false))
    if (hasUnflushed()) void flushErrorExits()
  })
  process.on('exit', endLog)
}

function say(event: string, error: unknown): void {
  // Node tells it in the context of what threw or rejected: the event names its request.
  const scope: Scope | undefined = scopes.getStore()
  if (scope?.request !== undefined) writeRecorded(scope.request)
  const fields = { error: asError(error) }
  log.raise(critical, event, fields, scope)
  reportFailure({ source: log, scope, level: critical, event, fields, error, isUncaught: true })
}
