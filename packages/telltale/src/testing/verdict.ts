import { isDeepStrictEqual } from 'node:util'
import type { CapturedLogs } from './captured-logs.js'
import { isAsymmetric } from './differences.js'
import { describe, type Expectation, fulfilling, shown } from './expectation.js'
import type { LoggedEvent } from './logged-event.js'
import { nearest, whatWasLogged } from './nearest.js'

/** Whether it was logged, and what to say of it either way. */
export interface Verdict {
  readonly found: readonly LoggedEvent[]
  /** Why "it was logged" does not hold, or why "it was not" does not. */
  readonly message: string
  /** For a test runner's diff: what was expected, and of the nearest event the same fields. */
  readonly expected: unknown
  readonly actual: unknown
}

/** Throws a TypeError where `logs` is not what captureLogs() returned, or an argument is of the wrong kind. */
export function judge(by: string, logs: unknown, expectation: Expectation): Verdict {
  check(by, logs, expectation)
  const found = fulfilling(logs, expectation)
  const wanted = describe(expectation)
  const message =
    found.length === 0
      ? `Expected to have been logged: ${wanted}\n\n${whatWasLogged(logs.events, expectation)}`
      : `Expected not to have been logged: ${wanted}\n\nLogged:\n${found.slice(0, 3).map(whole).join('\n')}`
  return { found, message, ...compared(logs.events, expectation) }
}

function whole(event: LoggedEvent): string {
  return `  ${shown(event).replaceAll('\n', '\n  ')}`
}

function compared(
  events: readonly LoggedEvent[],
  expectation: Expectation,
): Pick<Verdict, 'expected' | 'actual'> {
  const { event, fields } = expectation
  if (isAsymmetric(fields)) return { expected: fields, actual: nearest(events, expectation)[0]?.event }
  const expected = { event, ...fields }
  const near = nearest(events, expectation)[0]?.event
  if (near === undefined) return { expected, actual: undefined }
  const actual = Object.fromEntries(
    Object.keys(expected).map((name) => [name, name === 'event' ? event : near[name]]),
  )
  return isDeepStrictEqual(expected, actual) ? { expected, actual: near } : { expected, actual }
}

function check(by: string, logs: unknown, { event, fields }: Expectation): asserts logs is CapturedLogs {
  const given = logs as Partial<CapturedLogs> | null | undefined
  if (!Array.isArray(given?.events) || typeof given.find !== 'function') {
    throw new TypeError(`${by}: takes what captureLogs() returned, got ${shown(logs)}.`)
  }
  if (event !== undefined && typeof event !== 'string') {
    throw new TypeError(`${by}: the event must be a name such as 'payment_failed', got ${shown(event)}.`)
  }
  if (fields !== undefined && (typeof fields !== 'object' || fields === null)) {
    throw new TypeError(`${by}: fields must be an object such as { user_id: 'u1' }, got ${shown(fields)}.`)
  }
}
