import { AssertionError } from 'node:assert'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getLogger } from '../index.js'
import {
  assertLogged,
  assertNotLogged,
  captureLogs,
  type CapturedLogs,
  logMatchers,
  type LogMatchers,
} from './index.js'

declare module 'vitest' {
  // What users write.
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface Matchers<T> extends LogMatchers<T> {}
}

expect.extend(logMatchers)

const log = getLogger('payments')
let logs: CapturedLogs
beforeEach(() => {
  logs = captureLogs()
  log.info('payment_started', { order_id: 'o1', amount: 5 })
  log.info('payment_started', { order_id: 'o2', amount: 7, card: { kind: 'visa' } })
  log.error('payment_failed', { order_id: 'o2', error: new RangeError('card declined') })
})
afterEach(() => logs.stop())

function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it did not throw')
}

describe('expect', () => {
  it('takes an event by name and fields', () => {
    expect(logs).toHaveLogged('payment_started')
    expect(logs).toHaveLogged('payment_started', { order_id: 'o2', card: { kind: 'visa' } })
    expect(logs).toHaveLogged('payment_started', {
      amount: expect.any(Number),
      order_id: expect.stringMatching(/^o/),
    })
    expect(logs).not.toHaveLogged('payment_started', { order_id: 'o3' })
    expect(logs).not.toHaveLogged('payment_refunded')
  })

  it('takes an event that was logged once', () => {
    expect(logs).toHaveLoggedOnce('payment_failed')
    expect(logs).toHaveLoggedOnce('payment_started', { amount: 5 })
    expect(logs).not.toHaveLoggedOnce('payment_started')
    expect(logs).not.toHaveLoggedOnce('payment_refunded')
  })

  it('takes a failure by event, type and message', () => {
    expect(logs).toHaveLoggedError()
    expect(logs).toHaveLoggedError('payment_failed')
    expect(logs).toHaveLoggedError('payment_failed', 'declined')
    expect(logs).toHaveLoggedError(undefined, 'RangeError')
    expect(logs).toHaveLoggedError(undefined, RangeError)
    expect(logs).toHaveLoggedError('payment_failed', /^card/)
    expect(logs).toHaveLoggedError('payment_failed', new RangeError('card declined'))
    expect(logs).not.toHaveLoggedError('payment_started')
    expect(logs).not.toHaveLoggedError('payment_failed', TypeError)
    expect(logs).not.toHaveLoggedError('payment_failed', new RangeError('declined'))
    logs.clear()
    log.warning('payment_failed', { error: new RangeError('card declined') })
    expect(logs).not.toHaveLoggedError()
  })

  it('says what came nearest', () => {
    expect(messageOf(() => expect(logs).toHaveLogged('payment_started', { order_id: 'o2', amount: 5 }))).toBe(
      `Expected to have been logged: payment_started with { order_id: 'o2', amount: 5 }

Nearest:
  info payment_started
    order_id: expected 'o2', logged 'o1'
  info payment_started
    amount: expected 5, logged 7`,
    )
    expect(
      messageOf(() => expect(logs).toHaveLogged('payment_started', { user: expect.any(String) })),
    ).toContain('user: expected Any<String>, not logged')
  })

  it('says which names there were where there was none of it, the likeliest first', () => {
    expect(messageOf(() => expect(logs).toHaveLogged('payment_faild'))).toBe(
      `Expected to have been logged: payment_faild

Logged instead:
  error payment_failed
  info payment_started  ×2`,
    )
    logs.clear()
    expect(messageOf(() => expect(logs).toHaveLogged('payment_failed'))).toContain('Nothing was logged.')
  })

  it('says which error there was instead', () => {
    expect(messageOf(() => expect(logs).toHaveLoggedError('payment_failed', TypeError))).toBe(
      `Expected to have been logged: payment_failed with the error TypeError

Nearest:
  error payment_failed  (RangeError: card declined)`,
    )
  })

  it('shows what was logged against expectation', () => {
    const once = messageOf(() => expect(logs).toHaveLoggedOnce('payment_started'))
    expect(once).toContain('Logged 2 times, expected once: payment_started')
    expect(once).toContain("order_id: 'o2'")
    const not = messageOf(() => expect(logs).not.toHaveLogged('payment_started', { amount: 5 }))
    expect(not).toContain('Expected not to have been logged: payment_started with { amount: 5 }')
    expect(not).toContain("order_id: 'o1'")
  })

  it.each([
    [() => expect({}).toHaveLogged('x'), 'toHaveLogged(): takes what captureLogs() returned, got {}.'],
    [
      () => expect(logs).toHaveLogged(5 as unknown as string),
      "the event must be a name such as 'payment_failed', got 5.",
    ],
    [
      () => expect(logs).toHaveLogged('x', 5 as unknown as object),
      "fields must be an object such as { user_id: 'u1' }, got 5.",
    ],
  ])('refuses what it can not judge, %#', (act, message) => {
    expect(messageOf(act)).toContain(message)
  })
})

describe('assertLogged', () => {
  it('returns the event', () => {
    expect(assertLogged(logs, 'payment_started', { order_id: /2$/ })).toMatchObject({ amount: 7 })
  })

  it('throws an AssertionError whose two sides a runner can compare', () => {
    const expected = { event: 'payment_started', order_id: 'o1', amount: 6 }
    try {
      assertLogged(logs, 'payment_started', { order_id: 'o1', amount: 6 })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(AssertionError)
      expect(error).toMatchObject({
        operator: 'assertLogged',
        expected,
        actual: { ...expected, amount: 5 },
        message: expect.stringContaining('amount: expected 6, logged 5'),
      })
      expect(String((error as Error).stack).split('\n    at ')[1]).toContain('matchers.test.ts')
    }
  })
})

describe('assertNotLogged', () => {
  it('passes where nothing of it was logged', () => {
    assertNotLogged(logs, 'payment_started', { order_id: 'o3' })
  })

  it('throws an AssertionError that shows the event', () => {
    expect(messageOf(() => assertNotLogged(logs, 'payment_failed'))).toContain('card declined')
    expect(() => assertNotLogged(logs, 'payment_failed')).toThrow(AssertionError)
  })
})
