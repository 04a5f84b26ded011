import { scopes } from '../context/scope.js'
import { briefError } from '../errors/record.js'
import { openFlows } from '../flow/open.js'
import { critical } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { endLog } from '../log/end.js'
import { ending } from '../log/sinks/ending.js'
import { writeRecorded } from '../log/recorder/record.js'
import { slot } from '../state/state.js'

const log = loggerNamed('process')
const installed = slot('lifecycle.crash', () => ({ on: false }))

/**
 * Uncaught exceptions and unhandled rejections are written before Node ends the process as it always does, with its own
 * message and exit code; and every exit flushes the log.
 */
export function watchTheEnd(): void {
  if (installed.on) return
  installed.on = true
  process.on('uncaughtExceptionMonitor', (error: unknown, origin: string) => {
    const event = origin === 'unhandledRejection' ? 'unhandled_rejection' : 'uncaught_exception'
    // Node tells it in the context of what threw or rejected: the event names its request.
    const scope = scopes.getStore()
    if (scope?.request !== undefined) writeRecorded(scope.request)
    // A thrown undefined would be no field.
    log.raise(critical, event, { error: error === undefined ? briefError(error) : error }, scope)
    if (process.listenerCount('uncaughtException') === 0)
      for (const flow of [...openFlows()]) flow.interrupt()
  })
  // Before the app's own: a line of theirs that waited for a later turn would be a reason for one, and for this again.
  process.prependListener('beforeExit', () => {
    ending.idle = true
    process.nextTick(() => (ending.idle = false))
  })
  process.on('exit', endLog)
}
