import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { getLogger, withContext } from '../index.js'
import { keyTable } from '../redact/keys.js'
import { Capture } from '../../test/support/capture.js'

// Property tests on a busy machine need some seconds.
vi.setConfig({ testTimeout: 60_000 })

const log = getLogger('encode')
const canary = 'zQ7hunter2zQ7'
let out: Capture

beforeEach(() => {
  out = new Capture({ errors: { fields: ['detail'] } })
})
afterEach(() => out.telltale.shutdown())

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const spellings: Record<string, (words: readonly string[]) => string> = {
  snake: (words) => words.join('_'),
  kebab: (words) => words.join('-'),
  dots: (words) => words.join('.'),
  spaces: (words) => words.join(' '),
  camel: ([first, ...rest]) => first! + rest.map(capital).join(''),
  pascal: (words) => words.map(capital).join(''),
  'upper snake': (words) => words.join('_').toUpperCase(),
  header: (words) => words.map(capital).join('-'),
  numbered: (words) => `${words.join('_')}_2`,
}

const stems = [...keyTable.words, ...keyTable.pairs].map((text) => text.split(' '))

/** Every stem of the table in every spelling, alone and between other words. */
const keys = stems.flatMap((words) =>
  Object.values(spellings).flatMap((spell) => [
    spell(words),
    spell(['user', ...words]),
    spell(['x', ...words, 'raw']),
  ]),
)

/** Where a value may stand under a key, with what a reader sees of it if it may be seen. */
const containers: Record<string, (key: string, value: unknown) => unknown> = {
  object: (key, value) => ({ [key]: value }),
  'object in an array': (key, value) => [{ [key]: [value] }],
  'null-prototype object': (key, value) => Object.assign(Object.create(null) as object, { [key]: value }),
  instance: (key, value) => Object.assign(Object.create({ inherited: 1 }) as object, { [key]: value }),
  toJSON: (key, value) => ({ toJSON: () => ({ [key]: value }) }),
  Map: (key, value) => new Map([[key, value]]),
  'Map with other keys': (key, value) =>
    new Map<unknown, unknown>([
      [1, 1],
      [key, value],
    ]),
  'Set of objects': (key, value) => new Set([{ [key]: value }]),
  pair: (key, value) => [key, value],
  'list of pairs': (key, value) => [
    ['accept', 'x'],
    [key, value],
  ],
  'flat header list': (key, value) => ['Accept', 'x', key, value],
  'named value': (key, value) => ({ name: key, value }),
  'keyed value': (key, value) => ({ key, value }),
  'capital named value': (key, value) => ({ Name: key, Value: value }),
  getter: (key, value) => Object.defineProperty({}, key, { enumerable: true, get: () => value }),
}

/** Where only texts may stand. */
const texts: Record<string, (key: string, value: string) => unknown> = {
  'JSON text': (key, value) => JSON.stringify({ [key]: value, after: 1 }),
  'JSON text in text': (key, value) => `got ${JSON.stringify({ a: [{ [key]: value }] })} back`,
  URLSearchParams: (key, value) =>
    new URLSearchParams([
      ['a', '1'],
      [key, value],
    ]),
  URL: (key, value) => new URL(`https://host/x?${new URLSearchParams([[key, value]]).toString()}`),
  query: (key, value) => `/x?a=1&${encodeURIComponent(key)}=${value}#end`,
  'error message': (key, value) => new Error(`refused: ${JSON.stringify({ [key]: value })}`),
  cause: (key, value) => new Error('x', { cause: new Error(JSON.stringify({ [key]: value })) }),
  aggregate: (key, value) => new AggregateError([new Error(JSON.stringify({ [key]: value }))], 'many'),
  'error field': (key, value) => Object.assign(new Error('x'), { detail: JSON.stringify({ [key]: value }) }),
  'error code': (key, value) => Object.assign(new Error('x'), { code: JSON.stringify({ [key]: value }) }),
}

const values = fc.constantFrom<unknown>(
  canary,
  [canary],
  { a: { b: canary } },
  new Map([['a', canary]]),
  new Error(canary),
  Symbol(canary),
)

/** Logs a value by every way that brings it into a line. */
function everyWay(value: unknown): string {
  out.text = ''
  withContext({ context: value }, () => {
    const bound = log.bind({ bound: value })
    bound.info('planted', { value, list: [value], deep: { value } })
    bound.exception('planted', value)
    log.info('spread', value as object)
    log.warning('as_error', { error: value })
  })
  expect(out.lines).toHaveLength(4)
  return out.text
}

it.each(Object.entries(containers))(
  '%s: no secret of the table comes out, in any spelling',
  (_name, place) => {
    for (const key of keys) {
      out.text = ''
      const planted = place(key, canary)
      log.bind({ bound: planted }).info('planted', { value: planted, deep: [[planted]] })
      if (out.text.includes(canary)) throw new Error(`${key}: ${out.text}`)
    }
    expect(keys.length).toBeGreaterThan(800)
  },
)

it.each(Object.entries(containers))('%s: what is no secret comes out', (_name, place) => {
  const harmless = [
    ...keyTable.passing.filter((key) => key.includes('_')),
    'process_name',
    'mapping',
    'author',
    'keyboard',
    'id',
  ]
  for (const key of harmless) {
    out.text = ''
    log.info('planted', { value: place(key, canary) })
    if (!out.text.includes(canary)) throw new Error(`${key}: ${out.text}`)
  }
})

describe.each(Object.entries(texts))('%s', (_name, place) => {
  it('holds back what stands under a secret key, in any spelling', () => {
    const samples = keys.filter((key) => !/[. ]/.test(key)).filter((_key, index) => index % 3 === 0)
    for (const key of samples) {
      const text = everyWay(place(key, canary))
      if (text.includes(canary)) throw new Error(`${key}: ${text}`)
    }
  })

  it('shows what stands under any other', () => {
    for (const key of ['author', 'max_tokens', 'process_name'])
      expect(everyWay(place(key, canary))).toContain(canary)
  })
})

it('holds at any depth, in containers within containers, whatever the value is', () => {
  const key = fc.constantFrom(...keys)
  const leaf = fc
    .tuple(fc.constantFrom(...Object.values(containers)), key, values)
    .map(([place, name, value]) => place(name, value))
  const wrap = fc.constantFrom<(inner: unknown) => unknown>(
    (inner) => ({ a: inner, b: 1 }),
    (inner) => [inner, 1, inner],
    (inner) => new Map([['m', inner]]),
    (inner) => new Map([[{ id: 1 }, inner]]),
    (inner) => new Set([inner]),
    (inner) => [['a', inner]],
    (inner) => ({ name: 'body', value: inner }),
    (inner) => Object.create(null, { a: { value: inner, enumerable: true } }) as object,
    (inner) => ({ toJSON: () => inner }),
    (inner) => new AggregateError([inner], 'many'),
    (inner) => new Error('x', { cause: inner }),
    (inner) => Object.assign(new Error('x'), { detail: inner }),
  )
  fc.assert(
    fc.property(leaf, fc.array(wrap, { maxLength: 9 }), (value, wraps) => {
      const planted = wraps.reduce((inner, each) => each(inner), value)
      expect(everyWay(planted)).not.toContain(canary)
    }),
    { numRuns: 1500 },
  )
})

it('holds in Headers, whatever their case', () => {
  const headers = new Headers({ Authorization: canary, 'X-API-Key': canary, COOKIE: canary, accept: 'plain' })
  const text = everyWay({ headers, list: [...headers], object: Object.fromEntries(headers) })
  expect(text).not.toContain(canary)
  expect(text).toContain('"accept":"plain"')
})

it('holds where a text is cut: no secret is halved by it', () => {
  const from = 16_384 - 60
  for (let at = from; at < from + 90; at += 3) {
    out.text = ''
    log.info('cut', { value: `${'x'.repeat(at)} token=${canary} ${'y'.repeat(30_000)}` })
    expect(out.text).not.toContain(canary.slice(0, 4))
  }
})

it('holds in the names of keys, events and loggers', () => {
  out.text = ''
  getLogger(`db token=${canary}`)
    .bind({ [`password=${canary}`]: 1 })
    .info(`Bearer ${canary}`, { [`api_key=${canary}`]: { [`pin=${canary}`]: 1 } })
  expect(out.text).not.toContain(canary)
  expect(out.lines).toHaveLength(1)
})

it('takes and lets pass what the options name', async () => {
  await out.telltale.shutdown()
  out = new Capture({
    redact: { keys: ['email', 'studentName'], allow: ['session_id', 'pin'], patterns: [/\bST-\d{6}\b/] },
  })
  const line = (fields: object): object => {
    out.text = ''
    log.info('value', fields)
    return out.one('value')
  }
  for (const key of ['email', 'userEmail', 'EMAIL', 'student-name', 'student_name', 'StudentName'])
    expect(line({ [key]: canary, a: [{ [key]: canary }] })).toMatchObject({
      [key]: '[REDACTED]',
      a: [{ [key]: '[REDACTED]' }],
    })
  for (const key of ['session_id', 'sessionId', 'Session-Id', 'PIN'])
    expect(line({ [key]: canary })).toMatchObject({ [key]: canary })
  expect(line({ text: 'student ST-123456 left', ['ST-654321']: 1 })).toMatchObject({
    text: 'student [REDACTED] left',
    '[REDACTED]': 1,
  })
  expect(line({ pin_code: canary })).toMatchObject({ pin_code: '[REDACTED]' })
})
