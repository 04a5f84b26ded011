import { AssertionError } from 'node:assert'
import type { CapturedLogs } from './captured-logs.js'
import type { LoggedEvent } from './logged-event.js'
import { judge } from './verdict.js'

/**
 * Returns the first event of this name whose fields match, by the rules of `toHaveLogged`. Throws an AssertionError that
 * shows the nearest events where there is none.
 *
 * @example
 * assertLogged(logs, 'payment_failed', { order_id: 'o1', error: { message: /declined/ } })
 */
export function assertLogged(logs: CapturedLogs, event: string, fields?: object): LoggedEvent {
  const { found, message, expected, actual } = judge('assertLogged()', logs, { event, fields })
  const [first] = found
  if (first !== undefined) return first
  throw new AssertionError({
    message,
    expected,
    actual,
    operator: 'assertLogged',
    stackStartFn: assertLogged,
  })
}

/** Throws an AssertionError that shows the events where one of this name has fields that match. */
export function assertNotLogged(logs: CapturedLogs, event: string, fields?: object): void {
  const { found, message, expected } = judge('assertNotLogged()', logs, { event, fields })
  if (found.length === 0) return
  throw new AssertionError({
    message,
    expected,
    actual: found[0],
    operator: 'assertNotLogged',
    stackStartFn: assertNotLogged,
  })
}
