import type { ErrorExpectation } from './expectation.js'
import { judge, type Verdict } from './verdict.js'

/**
 * The matchers' types, for the test runner's own interface.
 *
 * @example
 * declare module 'vitest' {
 *   interface Matchers<T> extends LogMatchers<T> {}
 * }
 */
export interface LogMatchers<R = unknown> {
  /** At least one event of this name with these fields; fields that are not named don't count. */
  toHaveLogged(event: string, fields?: object): R
  /** Exactly one. */
  toHaveLoggedOnce(event: string, fields?: object): R
  /** An event of level error or critical, by name where given, with an error of this type or message where given. */
  toHaveLoggedError(event?: string, typeOrMessage?: ErrorExpectation): R
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
  readonly expected?: unknown
  readonly actual?: unknown
}

/**
 * Matchers about `captureLogs()` for the `expect.extend` of vitest and Jest.
 *
 * @example
 * expect.extend(logMatchers)
 * expect(logs).toHaveLogged('payment_failed', { order_id: expect.any(String) })
 */
export const logMatchers = {
  toHaveLogged(logs: unknown, event: string, fields?: object): MatcherResult {
    return result(judge('toHaveLogged()', logs, { event, fields }))
  },
  toHaveLoggedOnce(logs: unknown, event: string, fields?: object): MatcherResult {
    const verdict = judge('toHaveLoggedOnce()', logs, { event, fields })
    const count = verdict.found.length
    if (count <= 1) return result(verdict)
    const message = verdict.message.replace(
      'Expected not to have been logged:',
      `Logged ${count} times, expected once:`,
    )
    return { pass: false, message: () => message }
  },
  toHaveLoggedError(logs: unknown, event?: string, typeOrMessage?: ErrorExpectation): MatcherResult {
    return result(
      judge('toHaveLoggedError()', logs, { event, fields: undefined, error: { like: typeOrMessage } }),
    )
  },
}

function result({ found, message, expected, actual }: Verdict): MatcherResult {
  return { pass: found.length > 0, message: () => message, expected, actual }
}
