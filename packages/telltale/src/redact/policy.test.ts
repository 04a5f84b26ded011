import { describe, expect, test } from 'vitest'
import { createPolicy, policy, type RedactOptions } from './policy.js'

describe('the policy', () => {
  test('redacts before setup(), with the defaults', () => {
    expect(policy.current.key('password')).toBe(true)
    expect(policy.current.text('token=x')).toBe('token=[REDACTED]')
    expect(policy.current.text('mail bob@example.com')).toBe('mail bob@example.com')
    expect(policy.current.censor).toBe('[REDACTED]')
  })

  test('is one for the process', () => {
    expect(
      (globalThis as unknown as Record<symbol, Record<string, unknown>>)[Symbol.for('telltale')]?.['policy'],
    ).toBe(policy)
  })

  test('each option makes its difference', () => {
    const own = createPolicy({ keys: ['iban'], allow: ['pin'], patterns: [/order-\d+/], pii: true })
    expect([own.key('user_iban'), own.key('pin'), own.key('otp')]).toEqual([true, false, true])
    expect(own.text('iban=1 pin=2 order-3 bob@example.com')).toBe(
      'iban=[REDACTED] pin=2 [REDACTED] [REDACTED]',
    )
  })

  test('card numbers pass under ids, times and counters, as text and as numbers', () => {
    const card = '4111111111111111'
    for (const key of [
      'order_id',
      'paid_at',
      'timestamp',
      'start_timestamp',
      'time_unix_nano',
      'orderId',
      'startTimeUnixNano',
    ]) {
      expect(policy.current.text(card, key), key).toBe(card)
      expect(policy.current.number(Number(card), key), key).toBe(false)
    }
    for (const key of [undefined, '', 'amount', 'format', 'paid', 'stop', 'info', 'number']) {
      expect(policy.current.text(card, key), key).toBe('[REDACTED]')
      expect(policy.current.number(BigInt(card), key), key).toBe(true)
    }
    expect(policy.current.text('pin=1', 'order_id')).toBe('pin=[REDACTED]')
  })

  test.each([
    [5, 'setup(): redact must be an object with keys, allow, patterns, pii, got number 5.'],
    [{ allow: 5 }, 'setup(): redact.allow must be an array of strings, got number 5.'],
    [{ keys: ['a', null] }, 'setup(): redact.keys must be an array of strings, got null at index 1.'],
    [{ keys: [''] }, 'setup(): redact.keys must be an array of strings, got an empty string at index 0.'],
    [
      { patterns: ['a'] },
      'setup(): redact.patterns must be an array of regular expressions, got string a at index 0.',
    ],
    [{ patterns: /a/ }, 'setup(): redact.patterns must be an array of regular expressions, got an object.'],
    [{ pii: 'yes' }, 'setup(): redact.pii must be true or false, got string yes.'],
    [{ key: [] }, 'setup(): redact.key is not an option; redact takes keys, allow, patterns, pii.'],
  ])('%j is refused', (options, message) => {
    expect(() => createPolicy(options as RedactOptions)).toThrow(new TypeError(message))
  })
})
