import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { withBudget } from '../encode/value.js'
import { encodeFields } from '../encode/fields.js'
import { briefError, briefField, briefFingerprint, errorFingerprint, fullError, isError } from './record.js'

class PaymentError extends Error {}

describe('fullError', () => {
  it('has type, message, code, stack, listed own fields and no others', () => {
    const error = Object.assign(new PaymentError('refused'), {
      code: 'E1',
      status: 502,
      detail: 'row (1, secret)',
      response: { body: 'x' },
      reason: { deep: 1 },
      routine: 'r'.repeat(300),
    })
    const record = fullError(error)
    expect(record).toEqual({
      type: 'PaymentError',
      message: 'refused',
      code: 'E1',
      status: 502,
      stack: expect.stringContaining('record.test.ts') as string,
    })
  })

  it('follows causes and aggregated errors, and cuts cycles and depth', () => {
    const cyclic = new Error('a')
    cyclic.cause = new Error('b', { cause: cyclic })
    expect(fullError(cyclic).cause?.cause).toEqual({ type: 'Error', message: 'a' })
    const own: Error = new Error('its own cause')
    own.cause = own
    expect(fullError(own)).not.toHaveProperty('cause')

    let chain = new Error('bottom')
    for (let i = 0; i < 100; i++) chain = new Error(`level ${i}`, { cause: chain })
    let depth = 0
    for (let at = fullError(chain).cause; at !== undefined; at = at.cause) depth++
    expect(depth).toBe(8)

    const many = new AggregateError(
      Array.from({ length: 12 }, (_, i) => new Error(`e${i}`)),
      'all',
    )
    expect(fullError(many).errors).toHaveLength(11)
    expect(fullError(many).errors?.at(-1)).toBe('…(+2 errors)')
  })

  it('writes an inner error once, however often it is there', () => {
    let error = new AggregateError([new Error('leaf')], 'level')
    for (let i = 0; i < 12; i++)
      error = new AggregateError(
        Array.from({ length: 10 }, () => error),
        'level',
      )
    expect(JSON.stringify(fullError(error)).match(/"stack"/g)!.length).toBeLessThanOrEqual(32)
  })

  it.each([
    ['text', { type: 'String', message: 'text' }],
    [undefined, { type: 'Undefined', message: 'undefined' }],
    [null, { type: 'Null', message: 'null' }],
    [42, { type: 'Number', message: '42' }],
    [10n, { type: 'BigInt', message: '10' }],
    [{ message: 'like an error' }, { type: 'Object', message: 'like an error' }],
    [
      { password: 'x', n: 1 },
      { type: 'Object', message: '{"password":"[REDACTED]","n":1}' },
    ],
  ])('describes a thrown %s', (thrown, record) => {
    expect(fullError(thrown)).toEqual(record)
  })

  it('knows errors of another realm, and survives hostile ones', () => {
    const foreign: unknown = vm.runInNewContext('new TypeError("elsewhere")')
    expect(isError(foreign)).toBe(true)
    expect(briefError(foreign)).toEqual({ type: 'TypeError', message: 'elsewhere' })
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('no')
      },
    })
    expect(() => fullError(hostile)).not.toThrow()
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(() => fullError(proxy)).not.toThrow()
  })
})

describe('errorFingerprint', () => {
  const at = (message: string): Error => new PaymentError(message)

  it('is the same for what differs in ids, numbers and quoted texts only', () => {
    const [a, b] = ['user 17 has no "math"', 'user 4 has no "reading"'].map(at)
    expect(errorFingerprint(a)).toBe(errorFingerprint(b))
    expect(errorFingerprint(a)).toMatch(/^[0-9a-f]{16}$/)
  })

  it('differs by type, message and place', () => {
    const here = at('gone')
    expect(errorFingerprint(here)).not.toBe(errorFingerprint(at('there')))
    expect(errorFingerprint(here)).not.toBe(errorFingerprint(new Error('gone')))
    expect(errorFingerprint('text')).toBe(errorFingerprint('text'))
  })
})

describe('briefField', () => {
  it('is brief, and has the fingerprint of what it was made of', () => {
    const error = new PaymentError('refused')
    expect(briefField(error)).toEqual({ type: 'PaymentError', message: 'refused' })
    expect(briefFingerprint(briefField(error))).toBe(errorFingerprint(error))
    expect(briefFingerprint({ type: 'PaymentError', message: 'refused' })).toBeUndefined()
    expect(withBudget(1000, () => encodeFields({ error: briefField(error), n: 1 }))).toBe(
      `,"error":{"type":"PaymentError","message":"refused"},"error_fingerprint":"${errorFingerprint(error)}","n":1`,
    )
  })
})
