import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { keyTable } from './keys.js'
import { limits } from './limits.js'
import { createPolicy, policy } from './policy.js'
import { redact } from './redact.js'
import { secret } from './secret.js'

// Property tests on a busy machine need some seconds.
vi.setConfig({ testTimeout: 60_000 })

afterEach(() => {
  policy.current = createPolicy()
})

describe('redact()', () => {
  test('copies, and leaves the input as it is', () => {
    const input = Object.freeze({
      user: 'u_18',
      password: 'x',
      list: Object.freeze([{ token: 'x' }, 'pin=1234']),
      n: 1n,
    })
    expect(redact(input)).toEqual({
      user: 'u_18',
      password: '[REDACTED]',
      list: [{ token: '[REDACTED]' }, 'pin=[REDACTED]'],
      n: 1n,
    })
    expect(input.password).toBe('x')
    const clean = { a: [1, { b: new Date(0) }], c: null, d: undefined, e: true }
    expect(redact(clean)).toEqual(clean)
    expect(redact(clean)).not.toBe(clean)
  })

  test('takes the whole value under a secret key', () => {
    expect(redact({ credentials: { a: ['b'] }, cookies: ['a'], session_id: null, tokens: 12 })).toEqual({
      credentials: '[REDACTED]',
      cookies: '[REDACTED]',
      session_id: '[REDACTED]',
      tokens: 12,
    })
  })

  test('knows the ways to write a header', () => {
    expect(redact(['authorization', 'x'])).toEqual(['authorization', '[REDACTED]'])
    expect(
      redact([
        ['a', 'b'],
        ['cookie', ['x']],
      ]),
    ).toEqual([
      ['a', 'b'],
      ['cookie', '[REDACTED]'],
    ])
    expect(redact(['Host', 'a', 'Cookie', 'b', 'Accept', 'c'])).toEqual([
      'Host',
      'a',
      'Cookie',
      '[REDACTED]',
      'Accept',
      'c',
    ])
    expect(
      redact([
        { name: 'pin', value: 1 },
        { key: 'otp', value: { a: 1 } },
        { Name: 'otp', Value: 'x' },
        { name: 'a', value: 1 },
      ]),
    ).toEqual([
      { name: 'pin', value: '[REDACTED]' },
      { key: 'otp', value: '[REDACTED]' },
      { Name: 'otp', Value: '[REDACTED]' },
      { name: 'a', value: 1 },
    ])
    expect(redact(new Headers({ authorization: 'x', host: 'a' }))).toEqual({
      authorization: '[REDACTED]',
      host: 'a',
    })
    expect(redact(['password', 'email', 'pin'])).toEqual(['password', 'email', 'pin'])
  })

  test('keeps Maps, Sets and Dates', () => {
    const map = redact(
      new Map<unknown, unknown>([
        ['pin', 1],
        ['a', new Set(['pwd=x'])],
        [{ otp: 1 }, 2],
        ['when', new Date(7)],
      ]),
    )
    expect(map).toEqual(
      new Map<unknown, unknown>([
        ['pin', '[REDACTED]'],
        ['a', new Set(['pwd=[REDACTED]'])],
        [{ otp: '[REDACTED]' }, 2],
        ['when', new Date(7)],
      ]),
    )
    expect(redact(new Date(Number.NaN)).getTime()).toBeNaN()
  })

  test('screens keys, and keeps the values of keys that become one', () => {
    expect(redact({ 'http://a@h': 1, 'http://b@h': 2 })).toEqual({
      'http://[REDACTED]@h': 1,
      'http://[REDACTED]@h_': 2,
    })
    expect(
      redact(
        new Map([
          ['http://a@h', 1],
          ['http://b@h', 2],
        ]),
      ),
    ).toEqual(
      new Map([
        ['http://[REDACTED]@h', 1],
        ['http://[REDACTED]@h_', 2],
      ]),
    )
    const own = redact(JSON.parse('{"__proto__":{"pin":1}}') as object)
    expect(JSON.stringify(own)).toBe('{"__proto__":{"pin":"[REDACTED]"}}')
  })

  test('makes plain data of errors, instances, bytes and wrappers', () => {
    class PayError extends Error {
      code = 'E_PAY'
      config = { a: 'hunter2' }
    }
    class Account {
      readonly #hidden = 'hunter2'
      name = 'a'
      pin = 1
      get read(): string {
        return this.#hidden
      }
    }
    const error = redact({
      error: new PayError('token=hunter2', { cause: new AggregateError([new TypeError('x')], 'many') }),
    }).error
    expect(error).toMatchObject({ type: 'PayError', message: 'token=[REDACTED]', code: 'E_PAY' })
    expect(error).toMatchObject({
      cause: { type: 'AggregateError', errors: [{ type: 'TypeError', message: 'x' }] },
    })
    expect(JSON.stringify(error)).not.toContain('hunter2')
    expect(redact(new Account())).toEqual({ name: 'a', pin: '[REDACTED]' })
    expect(
      redact([
        Buffer.from('hunter2'),
        new Uint8Array(3),
        new DataView(new ArrayBuffer(2)),
        new ArrayBuffer(1),
      ]),
    ).toEqual(['[Buffer 7 bytes]', '[Uint8Array 3 bytes]', '[DataView 2 bytes]', '[ArrayBuffer 1 bytes]'])
    expect(
      redact([new String('pwd=a'), new URL('http://a:b@c/?pin=1'), new URLSearchParams('pin=1&a=2'), /a/g]),
    ).toEqual(['pwd=[REDACTED]', 'http://[REDACTED]@c/?pin=[REDACTED]', 'pin=[REDACTED]&a=2', '/a/g'])
    expect(redact([secret('x'), Symbol('pwd=x'), function f() {}])).toEqual([
      '[REDACTED]',
      'Symbol(pwd=[REDACTED])',
      '[Function: f]',
    ])
  })

  test('takes card numbers, but not under an id, a time or a counter', () => {
    const card = 4111111111111111
    expect(redact({ a: card, b: BigInt(card), c: `${card}` })).toEqual({
      a: '[REDACTED]',
      b: '[REDACTED]',
      c: '[REDACTED]',
    })
    const kept = { order_id: card, paid_at: `${card}`, timestamp: card, hrtimeNano: card, orderId: card }
    expect(redact(kept)).toEqual(kept)
    expect(redact({ valid: card })).toEqual({ valid: '[REDACTED]' })
  })

  test('survives what throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const hostile = {
      proxy,
      get a(): string {
        throw new Error('token=hunter2')
      },
      get b(): string {
        throw {
          toString: () => {
            throw new Error('no')
          },
        } // eslint-disable-line no-throw-literal
      },
      c: 1,
    }
    expect(redact(hostile)).toEqual({
      proxy: expect.stringMatching(/^\[Throws: .*revoked/),
      a: '[Throws: token=[REDACTED]]',
      b: '[Throws: unknown]',
      c: 1,
    })
    expect(redact(proxy)).toMatch(/^\[Throws: /)
  })

  test('marks cycles and what is too deep, too wide or too long', () => {
    const cycle: Record<string, unknown> = { pin: 1 }
    cycle['self'] = [cycle]
    expect(redact(cycle)).toEqual({ pin: '[REDACTED]', self: ['[Circular]'] })
    const twice = { a: 1 }
    expect(redact([twice, twice, twice])).toEqual([twice, twice, twice])

    let deep: unknown = 'pwd=x'
    for (let i = 0; i < 20; i++) deep = i % 2 ? { deep } : [deep]
    expect(JSON.stringify(redact(deep))).toBe('{"deep":[{"deep":[{"deep":[{"deep":["…(object)"]}]}]}]}')

    const wide = redact(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i])))
    expect(Object.keys(wide)).toHaveLength(limits.maxKeys + 1)
    expect(wide['…']).toBe('(+72 keys)')
    expect(redact(Array.from({ length: 200 }, (_, i) => i)).at(-1)).toBe('…(+72 items)')
    expect([...redact(new Set(Array.from({ length: 200 }, (_, i) => i)))].at(-1)).toBe('…(+72 items)')
    expect(redact(new Map(Array.from({ length: 200 }, (_, i) => [i, i]))).get('…' as never)).toBe(
      '(+72 keys)',
    )
    expect(redact('a'.repeat(20_000))).toBe(`${'a'.repeat(limits.maxString)}…(+3616 chars)`)
  })

  test('ends for a small value that unfolds into an endless one', () => {
    let value: unknown = 'x'
    for (let i = 0; i < 8; i++) value = Array.from({ length: 128 }, () => value)
    expect(JSON.stringify(redact(value))).toContain('…')
  })

  test('asks the policy that setup() has put in place', () => {
    policy.current = createPolicy({ keys: ['email'], allow: ['pin'] })
    expect(redact({ user_email: 'a', pin: 1 })).toEqual({ user_email: '[REDACTED]', pin: 1 })
  })
})

const mark = 'zQ7hunter2zQ7'
const secretKey = fc.constantFrom(...keyTable.words, ...keyTable.pairs.map((pair) => pair.replace(' ', '-')))

/** Every place for a secret that redact() knows, around a value that holds it. */
const places: ((key: string) => unknown)[] = [
  (key) => ({ [key]: mark }),
  (key) => ({ [key]: { a: [mark] } }),
  (key) => ({ [key.toUpperCase()]: new Map([[mark, mark]]) }),
  (key) => new Map([[key, mark]]),
  (key) => [key, mark],
  (key) => ['Host', 'a', key, mark],
  (key) => ({ name: key, value: mark }),
  (key) => ({ key, value: [mark] }),
  (key) => `/x?${key.replaceAll('-', '_')}=${mark}&a=1`,
  (key) => JSON.stringify({ [key]: mark }),
  (key) => new Error(`${key}: ${mark}`),
  (key) => new Set([`postgres://${key}:${mark}@db`]),
  () => secret(mark),
  () => Buffer.from(mark),
]

test('a secret planted at any place and depth never comes through, and the input stays as it was', () => {
  const place = fc.tuple(secretKey, fc.constantFrom(...places)).map(([key, at]) => at(key))
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      place,
      fc.anything(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
      fc.array(fc.tuple(fc.string(), tie('tree')), { maxLength: 3 }).map((entries) => new Map(entries)),
      tie('tree').map((cause) => new Error('outer', { cause })),
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      const before = show(value)
      expect(show(redact(value))).not.toContain(mark)
      expect(show(value)).toBe(before)
    }),
    { numRuns: 1000 },
  )
})

/** All there is in a value, as text. */
function show(value: unknown, depth = 0): string {
  if (depth > 12 || value === null || typeof value !== 'object') return String(value as string)
  if (value instanceof Map) return [...value].map((entry) => show(entry, depth + 1)).join()
  if (value instanceof Set) return [...value].map((item) => show(item, depth + 1)).join()
  if (value instanceof Error)
    return show({ message: value.message, stack: value.stack, cause: value.cause }, depth + 1)
  return Reflect.ownKeys(value)
    .map((key) => `${String(key)}:${show((value as Record<PropertyKey, unknown>)[key], depth + 1)}`)
    .join()
}
