import { afterEach, expect, test } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { until } from '../../test/support/until.js'
import { Check, errorText } from './check.js'
import { checkSettings } from './options.js'

let check: Check
afterEach(() => check.stop())

/** A check that, at its abort, rejects with what `told` makes of the signal's reason. */
function heeding(told: (reason: Error) => unknown): Check {
  check = new Check(
    'dependency',
    (signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(told(signal.reason as Error))),
      ),
    checkSettings('dependency', { timeoutMs: 10, intervalMs: 60_000 }),
  )
  check.start()
  return check
}

test.each<[string, (reason: Error) => unknown, string]>([
  [
    'says what it waited for',
    ({ message }) => new Error(`${message}: no connection was free`),
    'no answer within 10 ms: no connection was free',
  ],
  ['hands its reason on', (reason) => reason, 'no answer within 10 ms'],
  ['only says that it was aborted', () => new DOMException('', 'AbortError'), 'no answer within 10 ms'],
  ['rejects with no error', () => 'late', 'no answer within 10 ms'],
])('of a check that heeds its abort and %s, a time-out is told', async (_how, told, text) => {
  const log = new Capture()
  heeding(told)
  await until('it has timed out', () => check.status === 'timeout')
  expect(errorText(check.error)).toBe(text)
  expect(log.one('health_check_failed')).toMatchObject({ status: 'timeout', error: { message: text } })
  await log.telltale.shutdown()
})
