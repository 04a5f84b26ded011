import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bindContext, getLogger, withContext } from '../index.js'
import { Capture } from '../../test/support/capture.js'

// Property tests on a busy machine need some seconds.
vi.setConfig({ testTimeout: 60_000 })

const log = getLogger('encode')
let out: Capture

beforeEach(() => {
  out = new Capture()
})
afterEach(() => out.telltale.shutdown())

/** The one line of what `act` logs, as text. */
function lineOf(act: () => void): string {
  out.text = ''
  act()
  const lines = out.text.split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toBe('')
  // Well-formed: it survives the way through bytes.
  expect(Buffer.from(out.text, 'utf8').toString('utf8')).toBe(out.text)
  return lines[0]!
}

/** Keys of each object of a JSON text, at any depth, that stand in it twice. */
function duplicates(json: string): string[] {
  const found: string[] = []
  const stack: (Set<string> | undefined)[] = []
  for (const match of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    const [token] = match
    if (token === '{') stack.push(new Set())
    else if (token === '[') stack.push(undefined)
    else if (token === '}' || token === ']') stack.pop()
    else if (json[match.index + token.length] === ':') {
      const keys = stack.at(-1)!
      const name = JSON.parse(token) as string
      if (keys.has(name)) found.push(name)
      keys.add(name)
    }
  }
  return found
}

// What no rule of redaction touches.
const plainText = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom(
        ...'abcxyz .,!?"\\/\n\r\t\b\f\0\u001b\u007f\u0085\u2028\u2029\u202e\ufeff😀é\ud800\udc00',
      ),
    }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 8 }).filter((text) => !/[=:@&]|bearer|basic/i.test(text)),
  )
  .filter((text) => !/basic|bearer/i.test(text))
const plainKey = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcxyz"\\\n\u2028\ud800\udc00😀\0'), minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'length',
    '0',
    '1',
    '',
    'toJSON_',
    'id',
  ),
)
const primitive = fc.oneof(
  plainText,
  fc.integer(),
  fc.double({ noNaN: false }).filter((n) => !(Math.abs(n) >= 1e12 && Math.abs(n) < 1e19)),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
  fc.date({ noInvalidDate: false }),
)
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    primitive,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.uniqueArray(fc.tuple(plainKey, tie('tree')), { maxLength: 5, selector: ([key]) => key }).map(objectOf),
    fc
      .uniqueArray(fc.tuple(plainKey, tie('tree')), { maxLength: 5, selector: ([key]) => key })
      .map((all) => new Map(all)),
    fc.array(tie('tree'), { maxLength: 4 }).map((all) => new Set(all)),
  ),
}))

/** An object with exactly these own keys, `__proto__` too. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

const gone = Symbol('gone')

/** What a reader of the line expects of a value that holds no secret and is within the limits. */
function model(value: unknown): unknown {
  if (value === undefined) return gone
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? (value === 0 ? 0 : value) : String(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Set) return [...value].map(item)
  if (Array.isArray(value)) return Array.from(value, item)
  return new Map(
    (value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value as object))
      .map(([key, each]) => [key, model(each)] as const)
      .filter(([, each]) => each !== gone),
  )
}

const item = (value: unknown): unknown => (value === undefined ? null : model(value))

/** What JSON.parse gave, with objects as Maps: a Map takes `__proto__` for a key like any other. */
function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, each]) => [key, read(each)]))
}

it('gives a reader back what a value held', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const line = lineOf(() => log.info('value', { value, after: 1 }))
      const parsed = JSON.parse(line) as Record<string, unknown>
      const expected = model(value)
      expect(parsed['after']).toBe(1)
      if (expected === gone) expect(parsed).not.toHaveProperty('value')
      else expect(read(parsed['value'])).toEqual(expected)
      expect(duplicates(line)).toEqual([])
    }),
    { numRuns: 1500 },
  )
})

it('gives a reader back the fields of a call, of its logger and of its context, the later first', () => {
  const fields = fc
    .uniqueArray(fc.tuple(plainKey, primitive), { maxLength: 8, selector: ([key]) => key })
    .map(objectOf)
  fc.assert(
    fc.property(fields, fields, fields, fields, (around, inside, bound, call) => {
      const line = lineOf(() =>
        withContext(around, () => {
          bindContext(inside)
          log.bind(bound).info('fields', call)
        }),
      )
      const all = new Map<string, unknown>()
      for (const [key, value] of [around, inside, bound, call].flatMap((each) => Object.entries(each))) {
        // An undefined field of a call hides the one below, as a field with a value does.
        all.delete(key)
        all.set(key, model(value))
      }
      const own = [...(read(JSON.parse(line)) as Map<string, unknown>)].filter(
        ([key]) => !/^(timestamp|level|logger|event|service|environment|instance)$/.test(key),
      )
      expect(new Map(own)).toEqual(new Map([...all].filter(([, value]) => value !== gone)))
      expect(duplicates(line)).toEqual([])
    }),
    { numRuns: 500 },
  )
})

describe('never a key twice', () => {
  const odd = fc.constantFrom(
    '__proto__',
    'constructor',
    'level',
    'level_',
    'level__',
    'timestamp',
    'event',
    'event_',
    'service',
    'trace_id',
    'request_id',
    'request_id_',
    'error',
    'err',
    'error_',
    'error_seen',
    'error_fingerprint',
    'error_fingerprint_',
    'token=abcdefgh',
    'token=ijklmnop',
    'token=[REDACTED]',
    'Bearer abcdefgh1',
    'a',
    '…',
    '… bound',
    '… context',
    `${'k'.repeat(300)}a`,
    `${'k'.repeat(300)}b`,
  )
  const value = fc.oneof(
    fc.integer(),
    fc.constant(undefined),
    fc.constant('text'),
    fc.constant(null),
    fc.constant('an error'),
  )
  const layer = fc
    .uniqueArray(fc.tuple(odd, value), { maxLength: 10, selector: ([key]) => key })
    .map((entries) =>
      entries.map(([key, each]) => [key, each === 'an error' ? new Error('e') : each] as const),
    )
    .map(objectOf)

  it('whatever the layers and however odd the names', () => {
    fc.assert(
      fc.property(layer, layer, layer, layer, (around, inside, bound, call) => {
        const line = lineOf(() =>
          withContext(around, () => {
            bindContext(inside)
            log.bind(bound).info('keys', { ...call, deep: call })
          }),
        )
        expect(duplicates(line)).toEqual([])
        expect(JSON.parse(line)).toMatchObject({
          level: 'info',
          logger: 'encode',
          event: 'keys',
          service: 'whole',
        })
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['each layer is cut', 200, {}],
    ['a field is named as the mark', 200, { '…': 'mine' }],
    ['there are a hundred thousand', 100_000, {}],
  ])('where %s', (_what, count, more) => {
    const many = (layer: string): object => ({
      ...more,
      ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`${layer}_${n}`, n])),
    })
    const line = lineOf(() =>
      withContext(many('context'), () =>
        log.bind(many('bound')).info('cut', { ...many('call'), deep: many('deep') }),
      ),
    )
    expect(duplicates(line)).toEqual([])
    expect(line).toMatch(/"…":"\(\+\d+ keys\)"/)
    expect(JSON.parse(line)).toMatchObject({ call_0: 0, bound_0: 0, context_0: 0 })
  })
})

describe('texts', () => {
  it.each([
    ['lone surrogates', 'a\ud800b\udc00c\udfff'],
    ['controls', Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('')],
    ['terminal sequences', '\u001b[31mred\u001b[0m\u009b31m\u001b]0;title\u0007'],
    ['line separators and bidi overrides', 'a\u2028b\u2029c\u202ed\u2066e'],
    ['a forged line', '"}\n{"level":"critical","event":"forged"}'],
  ])('with %s stand as key, value and name as they are', (_what, text) => {
    const line = lineOf(() => log.info(text, { value: text, [text]: 1, deep: { [text]: [text] } }))
    expect(line).not.toMatch(/[\u0000-\u001f]/) // eslint-disable-line no-control-regex
    expect(JSON.parse(line)).toMatchObject({ event: text, value: text, [text]: 1, deep: { [text]: [text] } })
  })

  it('of 10 MB are cut, each where it stands, without halving a pair', () => {
    const long = '😀'.repeat(5_000_000)
    const line = lineOf(() =>
      log.info(long, { value: long, [long]: 1, list: [long], error: new Error(long) }),
    )
    expect(line.length).toBeLessThan(200_000)
    expect(line).not.toMatch(/\\ud83d(?!\\ude00)/)
    const parsed = JSON.parse(line) as Record<string, unknown>
    expect(parsed['value']).toMatch(/^(?:😀){8192}…\(\+9983616 chars\)$/u)
    expect(parsed['event']).toMatch(/^(?:😀)+…\(\+\d+ chars\)$/u)
    expect(parsed['error']).toMatchObject({ message: expect.stringMatching(/…\(\+\d+ chars\)$/) as string })
  })
})

describe('what is logged stays as it was', () => {
  it('down to its property descriptors, frozen or not', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (value, frozen) => {
        const fields = { value, list: [value], password: { value } }
        if (frozen) deepFreeze(fields)
        const before = snapshot(fields)
        withContext(fields, () => log.bind(fields).info('kept', fields))
        expect(snapshot(fields)).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  it('errors too: no stack is set, no cause touched', () => {
    const error = Object.assign(
      new AggregateError([new Error('inner')], 'many', { cause: new Error('cause') }),
      {
        code: 'E',
        password: 'x',
      },
    )
    deepFreeze(error)
    const before = snapshot(error)
    log.exception('failed', error)
    log.error('again', { error })
    expect(snapshot(error)).toEqual(before)
  })
})

function deepFreeze<T>(value: T, seen = new Set<unknown>()): T {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value
  seen.add(value)
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)!
    if ('value' in descriptor) deepFreeze(descriptor.value, seen)
  }
  if (value instanceof Map || value instanceof Set)
    [...value].flat().forEach((each) => deepFreeze(each, seen))
  return Object.freeze(value)
}

/** All there is of a value: prototype, own keys in order, attributes, entries; not what getters give. */
function snapshot(value: unknown, seen = new Map<object, number>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = seen.get(value)
  if (known !== undefined) return `#${known}`
  seen.set(value, seen.size)
  const own = Reflect.ownKeys(value).map((key) => {
    const { value: held, ...attributes } = Object.getOwnPropertyDescriptor(value, key)!
    return [key, attributes, snapshot(held, seen)]
  })
  const entries =
    value instanceof Map || value instanceof Set ? [...value].map((each) => snapshot(each, seen)) : []
  const time = value instanceof Date ? value.getTime() : undefined
  return [
    (Object.getPrototypeOf(value) as object | null)?.constructor.name,
    Object.isExtensible(value),
    own,
    entries,
    time,
  ]
}

describe('limits', () => {
  async function limited(limits: object): Promise<void> {
    await out.telltale.shutdown()
    out = new Capture({ log: { limits } })
  }
  const written = (value: unknown): unknown =>
    (JSON.parse(lineOf(() => log.info('value', { value }))) as { value: unknown }).value

  it('of depth, keys, items and text are what the options say, with visible marks', async () => {
    await limited({ depth: 2, keys: 3, items: 2, string: 64 })
    expect(written({ a: { b: 1 }, c: [[1]] })).toEqual({ a: '…(object)', c: '…(array)' })
    expect(written({ a: 1, b: 2, c: 3 })).toEqual({ a: 1, b: 2, c: 3 })
    expect(written({ a: 1, b: 2, c: 3, d: 4, e: 5 })).toEqual({ a: 1, b: 2, c: 3, '…': '(+2 keys)' })
    expect(written([1, 2])).toEqual([1, 2])
    expect(written([1, 2, 3, 4, 5])).toEqual([1, 2, '…(+3 items)'])
    expect(written(new Set([1, 2, 3]))).toEqual([1, 2, '…(+1 items)'])
    expect(written([new Set([1]), new Map([[1, 1]])])).toEqual(['…(array)', '…(array)'])
    expect(written('x'.repeat(64))).toBe('x'.repeat(64))
    expect(written('x'.repeat(65))).toBe(`${'x'.repeat(64)}…(+1 chars)`)
  })

  it('may be wider than the defaults', async () => {
    await limited({ depth: 20, keys: 1000, items: 1000, string: 100_000, line: 2_000_000 })
    let deep: unknown = 'end'
    for (let i = 0; i < 18; i++) deep = { deep }
    expect(JSON.stringify(written(deep))).toContain('"end"')
    expect(
      Object.keys(
        written(Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, n]))) as object,
      ),
    ).toHaveLength(1000)
    expect(written(Array.from({ length: 1000 }, () => 0))).toHaveLength(1000)
    expect(written('x'.repeat(100_000))).toHaveLength(100_000)
  })

  it('hold for any value', async () => {
    await limited({ depth: 3, keys: 4, items: 4, string: 64, line: 1024 })
    fc.assert(
      fc.property(fc.anything({ maxDepth: 6, maxKeys: 12, withMap: true, withSet: true }), (value) => {
        const parsed = written({ value }) as { value?: unknown }
        bounded(parsed, 0)
      }),
      { numRuns: 500 },
    )
  })

  function bounded(value: unknown, depth: number): void {
    if (typeof value === 'string') return expect(value.length).toBeLessThan(100)
    if (typeof value !== 'object' || value === null) return
    expect(depth).toBeLessThanOrEqual(3)
    const parts: unknown[] = Object.values(value)
    expect(parts.length).toBeLessThanOrEqual(5)
    for (const part of parts) bounded(part, depth + 1)
  }

  it.each([1024, 20_000, 1_000_000])(
    'of %d characters a line holds for all of it, with a mark',
    async (most) => {
      await limited({ line: most })
      const text = 'x'.repeat(500)
      const wide = Object.fromEntries(
        Array.from({ length: 128 }, (_, n) => [`k${n}`, Array.from({ length: 128 }, () => text)]),
      )
      const line = lineOf(() => log.info('value', { wide, again: wide, ...wide }))
      expect(line.length).toBeGreaterThan(most / 2)
      // A level of nesting each, one text and the marks behind the last.
      expect(line.length).toBeLessThan(most + 6_000)
      expect(line).toMatch(/…/)
    },
  )
})
