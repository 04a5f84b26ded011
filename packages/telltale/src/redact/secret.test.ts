import { inspect, format } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isSecret, secret } from './secret.js'

describe('secret()', () => {
  const wrapped = secret('hunter2')

  test('gives its value to reveal() alone', () => {
    expect(wrapped.reveal()).toBe('hunter2')
    const object = { a: 1 }
    expect(secret(object).reveal()).toBe(object)
  })

  test.each([
    ['String()', String(wrapped)],
    ['a template', `${wrapped}`],
    ['concatenation', '' + (wrapped as unknown as string)],
    ['JSON.stringify', JSON.stringify({ wrapped })],
    ['inspect', inspect(wrapped)],
    ['inspect of what holds it', inspect({ a: [wrapped] }, { depth: 9, showHidden: true })],
    ['inspect without custom inspection', inspect(wrapped, { customInspect: false, showHidden: true })],
    ['console.log', format('%s %o %j %O', wrapped, wrapped, wrapped, wrapped)],
    ['a spread', JSON.stringify({ ...wrapped })],
    ['Object.entries', JSON.stringify(Object.entries(wrapped))],
    ['a structured clone', JSON.stringify(structuredClone(wrapped))],
    ['an array of it', [wrapped].join()],
  ])('%s shows [REDACTED]', (_name, shown) => {
    expect(shown).toContain('[REDACTED]')
    expect(shown).not.toContain('hunter2')
  })

  test('is recognised by its brand, so by another copy of the package too', () => {
    expect(isSecret(wrapped)).toBe(true)
    expect(isSecret({ [Symbol.for('telltale.secret')]: true })).toBe(true)
    for (const other of [null, undefined, 'x', {}, [], () => 1]) expect(isSecret(other)).toBe(false)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(isSecret(proxy)).toBe(false)
  })
})
