import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getLogger, secret } from '../index.js'
import { Capture, type Line } from '../../test/support/capture.js'

const log = getLogger('encode')
let out: Capture

beforeEach(() => {
  out = new Capture()
})
afterEach(() => out.telltale.shutdown())

function written(value: unknown): Line {
  out.text = ''
  log.info('value', { value })
  return out.one('value')
}

describe('any value', () => {
  it('makes one valid line', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      maxDepth: 6,
    } as fc.ObjectConstraints)
    fc.assert(
      fc.property(anything, fc.string({ unit: 'binary' }), (value, text) => {
        out.text = ''
        log.info(text, { value, [text]: value, [`x${text}`]: text })
        log.info('object', value as object)
        expect(out.text.split('\n')).toHaveLength(3)
        expect(out.lines).toHaveLength(2)
        expect(Buffer.from(out.text).toString()).toBe(out.text)
      }),
      { numRuns: 300 },
    )
  })

  it('never writes a key twice', () => {
    const names = fc.constantFrom(
      'a',
      'err',
      'error',
      'level',
      'level_',
      'request_id',
      'timestamp',
      'method',
      'Bearer abcdefgh1',
    )
    const fields = fc.dictionary(names, fc.oneof(fc.integer(), fc.constant(new Error('e')), fc.string()))
    fc.assert(
      fc.property(fields, fields, (bound, call) => {
        out.text = ''
        log.bind(bound).info('keys', call)
        const keys = [...topKeys(out.text)]
        expect(keys).toEqual([...new Set(keys)])
      }),
    )
  })

  it.each([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid date', new Date(NaN), 'Invalid Date'],
    ['a big integer', 12n, '12'],
    ['not a number', NaN, 'NaN'],
    ['infinity', -Infinity, '-Infinity'],
    ['a map', new Map([['a', 1]]), { a: 1 }],
    ['a map of objects', new Map([[{ id: 1 }, 2]]), [[{ id: 1 }, 2]]],
    ['a set', new Set([1, 2]), [1, 2]],
    ['bytes', Buffer.from('secret'), '[Buffer 6 bytes]'],
    ['a typed array', new Float64Array(2), '[Float64Array 16 bytes]'],
    ['a function', function named() {}, '[Function: named]'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a regular expression', /a"b/, '/a"b/'],
    ['a promise', Promise.resolve(1), '[Promise]'],
    ['a wrapped secret', secret('x'), '[REDACTED]'],
    ['a URL with credentials', new URL('http://user:pass@host/x'), 'http://[REDACTED]@host/x'],
    [
      'headers',
      new Headers({ authorization: 'Basic abc', accept: 'x' }),
      { accept: 'x', authorization: '[REDACTED]' },
    ],
    ['an object with toJSON', { toJSON: () => ({ password: 1, a: 2 }) }, { password: '[REDACTED]', a: 2 }],
    ['a lone surrogate', 'a\ud800b', 'a\ud800b'],
    ['null', null, null],
  ])('writes %s', (_name, value, expected) => {
    expect(written(value)['value']).toEqual(expected)
  })

  it('contains what throws', () => {
    const hostile = {
      good: 1,
      get bad(): never {
        throw new Error('no password=hunter2')
      },
      json: {
        toJSON(): never {
          throw new Error('no json')
        },
      },
    }
    expect(written(hostile)['value']).toEqual({
      good: 1,
      bad: '[Throws: no password=[REDACTED]]',
      json: '[Throws: no json]',
    })
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(String(written(proxy)['value'])).toMatch(/^\[Throws: /)
    expect(written({ nested: proxy })['value']).toEqual({
      nested: expect.stringMatching(/^\[Throws: /) as string,
    })
    out.text = ''
    log.info('revoked', proxy)
    log.bind(proxy).info('bound', { a: 1 })
    expect(out.one('revoked')).toMatchObject({ fields: '[Throws]' })
    expect(out.one('bound')).toMatchObject({ a: 1 })
  })

  it('quotes and screens what classes say of themselves', () => {
    class Odd extends Promise<number> {
      static override readonly name = 'a"\nb' as never
    }
    class Liar extends Date {
      override toISOString(): string {
        return '"}\n{"event":"forged'
      }
    }
    class Bytes extends Uint8Array {
      static override readonly name = 'a","password":"hunter2' as never
    }
    const named = Object.defineProperty(() => 1, 'name', { value: 'password=hunter2' })
    const value = {
      odd: Odd.resolve(1),
      liar: new Liar(0),
      bytes: new Bytes(2),
      named,
      stream: process.stdout,
    }
    expect(written(value)['value']).toMatchObject({
      odd: '[a"\nb]',
      liar: '1970-01-01T00:00:00.000Z',
      named: '[Function: password=[REDACTED]]',
    })
    expect(out.text.split('\n')).toHaveLength(2)
    expect(out.text).not.toContain('hunter2')
  })

  it('writes emitters, requests and opaque objects by name', () => {
    const request = Object.assign(new EventEmitter(), { method: 'GET', url: '/a?token=x', headers: {} })
    expect(written([request, new EventEmitter(), new WeakMap(), new Request('http://a/')])['value']).toEqual([
      '[EventEmitter GET /a]',
      '[EventEmitter]',
      '[WeakMap]',
      '[Request]',
    ])
    expect(written(new URLSearchParams({ q: '1', token: 'x' }))['value']).toBe('q=1&token=[REDACTED]')
    expect(written(2n ** 1_000_000n)['value']).toBe('[BigInt of more than 256 bits]')
  })

  it('redacts pairs at the top, and keeps names that held secrets stable', () => {
    for (const pair of [
      { name: 'password', value: 'hunter2' },
      { Name: 'x-api-key', Value: 'hunter2' },
    ]) {
      out.text = ''
      log.info('pair', pair)
      log.info('pair', { pair })
    }
    log.info('names', { 'token=abcdefgh': 1, 'token=ijklmnop': 2 })
    log.info('names', { 'token=qrstuvwx': 3 })
    log.info('taken', { 'token=abcdefgh': 1, 'token=[REDACTED]': 2 })
    expect(out.text).not.toContain('hunter2')
    expect(out.events('names').map((line) => Object.keys(line).slice(-2))).toEqual([
      ['token=[REDACTED]', 'token=[REDACTED] #2'],
      ['instance', 'token=[REDACTED]'],
    ])
    expect(Object.keys(out.one('taken')).slice(-2)).toEqual(['token=[REDACTED] #2', 'token=[REDACTED]'])
  })

  it('cuts cycles, depth, breadth and length with visible marks', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = { cycle }
    expect(written(cycle)['value']).toEqual({ self: { cycle: '[Circular]' } })
    const same = { a: 1 }
    expect(written([same, same])['value']).toEqual([same, same])

    let deep: unknown = 'end'
    for (let i = 0; i < 50; i++) deep = { deep }
    expect(JSON.stringify(written(deep)['value'])).toContain('"…(object)"')

    const wide = Object.fromEntries(Array.from({ length: 251 }, (_, i) => [`k${i}`, i]))
    expect(written(wide)['value']).toMatchObject({ k0: 0, '…': '(+123 keys)' })
    expect((written(Array.from({ length: 200 }, () => 0))['value'] as unknown[]).at(-1)).toBe('…(+72 items)')
    expect(written('x'.repeat(100_000))['value']).toMatch(/^x{16384}…\(\+83616 chars\)$/)
  })

  it('bounds the line whatever the value', () => {
    let shared: unknown = 'x'.repeat(500)
    for (let i = 0; i < 7; i++) shared = Array.from({ length: 128 }, () => shared)
    written(shared)
    expect(out.text.length).toBeLessThan(1_000_000)
    const many = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, i) => [`key${i}`, 1]))
    expect(written(many)['value']).toMatchObject({ '…': '(+999872 keys)' })
    out.text = ''
    log.info('many', many)
    expect(out.one('many')['…']).toBe('(+999872 keys)')
    written('a'.repeat(100_000_000))
    expect(out.text.length).toBeLessThan(20_000)
  }, 60_000)

  it('survives a getter that logs', () => {
    const chatty = {
      get a() {
        log.info('inner', { b: [1, { c: 2 }] })
        return 'outer'
      },
    }
    out.text = ''
    log.info('chatty', { chatty })
    expect(out.one('chatty')['chatty']).toEqual({ a: 'outer' })
    expect(out.one('inner')['b']).toEqual([1, { c: 2 }])
  })

  it('writes a live socket without walking the process', () => {
    const server = createServer()
    written(server)
    expect(out.text.length).toBeLessThan(300_000)
  })
})

describe('secrets', () => {
  const canary = 'canary0secret0value'
  const shapes = fc.constantFrom(
    { password: canary },
    { headers: { Authorization: canary } },
    { 'x-api-key': [canary] },
    [['cookie', canary]],
    ['authorization', canary, 'accept', 'x'],
    { name: 'set-cookie', value: canary },
    new Map([['client_secret', { deep: canary }]]),
    `token=${canary}`,
    `{"password":"${canary}"}`,
    `https://x/y?a=1&access_token=${canary}#z`,
    `Bearer ${canary}`,
    new Error(`failed with password=${canary}`),
    Object.assign(new Error('x'), { code: `token=${canary}` }),
    new Error('x', { cause: new Error(`api_key: ${canary}`) }),
    secret(canary),
    new Set([{ jwt: canary }]),
  )
  const { place } = fc.letrec((tie) => ({
    place: fc.oneof(
      { depthSize: 'small' },
      shapes,
      fc.record({ a: tie('place'), b: fc.string() }),
      fc.array(tie('place'), { minLength: 1, maxLength: 3 }),
      tie('place').map((value) => new Map([['m', value]])),
      tie('place').map((value) => new AggregateError([value], 'many')),
    ),
  }))

  it('never appear, at any depth or position, in context, bound or call fields', () => {
    fc.assert(
      fc.property(place, (value) => {
        out.text = ''
        log.bind({ bound: value }).error('planted', { value, error: value })
        log.info(`event token=${canary}`, { [`key token=${canary}`]: 1 })
        expect(out.text).not.toContain(canary)
        expect(out.lines).toHaveLength(2)
      }),
      { numRuns: 300 },
    )
  })
})

/** The keys of the outermost object of a JSON text, in order, duplicates included. */
function* topKeys(json: string): Iterable<string> {
  let depth = 0
  for (const match of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    const [token] = match
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && json[match.index + token.length] === ':') yield token
  }
}
