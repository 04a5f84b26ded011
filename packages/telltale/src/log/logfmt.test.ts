import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogfmtRenderer } from './logfmt.js'

const render = createLogfmtRenderer()

describe('a line', () => {
  it('keeps its order and reads bare where it can', () => {
    const line = {
      timestamp: '2026-03-01T12:04:07.512345Z',
      level: 'info',
      logger: 'http',
      event: 'request_completed',
      service: 'assessments',
      request_id: '9f3c5d7721aa0b11',
      path: '/things/t_1',
      status: 200,
      cached: false,
      user: null,
    }
    expect(render(`${JSON.stringify(line)}\n`)).toBe(
      'timestamp=2026-03-01T12:04:07.512345Z level=info logger=http event=request_completed service=assessments ' +
        'request_id=9f3c5d7721aa0b11 path=/things/t_1 status=200 cached=false user=null',
    )
  })

  it('takes the parsed object as well', () => {
    expect(render({ level: 'info', event: 'saved', skipped: undefined })).toBe('level=info event=saved')
  })

  it('puts keys that are array indices behind the others', () => {
    expect(render('{"event":"saved","7":"x"}')).toBe('event=saved 7=x')
  })
})

describe('a value', () => {
  it.each([
    ['', '""'],
    ['two words', '"two words"'],
    ['a=b', '"a=b"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["it's", '"it\'s"'],
    ['C:\\new', '"C:\\\\new"'],
    ['a\r\n\tb\u0000', '"a\\r\\n\\tb\\u0000"'],
    ['\u001b[31m\u007f\u009b', '"\\u001b[31m\\u007f\\u009b"'],
    ['\u202e\u2028\ufeff\u{e0041}', '"\\u202e\\u2028\\ufeff\\udb40\\udc41"'],
    ['\ud800', '"\\ud800"'],
    ['Größe', 'Größe'],
    ['日本', '日本'],
    ['a\u00a0b', '"a\u00a0b"'],
    [['x', 1], '"[\\"x\\",1]"'],
    [[], '[]'],
    [{}, '{}'],
    [-1.5e-7, '-1.5e-7'],
  ])('%j is written %s', (value, text) => {
    expect(render({ k: value })).toBe(`k=${text}`)
  })
})

describe('an object', () => {
  it('becomes dotted keys, errors too', () => {
    const error = {
      type: 'PaymentError',
      message: 'no answer',
      stack: 'PaymentError: no answer\n    at charge (/srv/pay.ts:1:1)',
      cause: { type: 'Error', message: 'hang up', code: 'ECONNRESET' },
      errors: [{ type: 'Error' }],
    }
    expect(render({ event: 'payment_failed', error })).toBe(
      'event=payment_failed error.type=PaymentError error.message="no answer" ' +
        'error.stack="PaymentError: no answer\\n    at charge (/srv/pay.ts:1:1)" ' +
        'error.cause.type=Error error.cause.message="hang up" error.cause.code=ECONNRESET ' +
        'error.errors="[{\\"type\\":\\"Error\\"}]"',
    )
  })

  it('stays JSON beyond eight levels', () => {
    expect(render('{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}')).toBe(
      'a.b.c.d.e.f.g.h="{\\"i\\":1}"',
    )
  })

  it('stays JSON where its fields are too many, so that its key is not repeated for each', () => {
    const key = 'k'.repeat(200)
    const text = JSON.stringify({ [key]: Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => [i, 0])) })
    expect(render(text).length).toBeLessThan(text.length * 2)
    expect(pairsOf(render(text))).toHaveLength(1)
  })
})

describe('a key', () => {
  it.each([
    [{ 'level=critical event': 1 }, 'level_critical_event=1'],
    [{ 'a b': 1, a_b: 2 }, 'a_b_2=1 a_b=2'],
    [{ 'a b': 1, 'a=b': 2, 'a\nb': 3 }, 'a_b=1 a_b_2=2 a_b_3=3'],
    [{ level: 'info', 'level\u200b': 'critical' }, 'level=info level_=critical'],
    [{ level: 'info', 'level ': 1, level_: 2 }, 'level=info level__2=1 level_=2'],
    [{ request_id: 'real', 'request.id': 'fake' }, 'request_id=real request.id_2=fake'],
    [{ error_type: 'own', error: { type: 'E' } }, 'error_type=own error.type_2=E'],
    [{ 'error.type': 'own', error: { type: 'E' } }, 'error.type=own error.type_2=E'],
    [{ a: { b: 1 }, a_b: { c: 2 } }, 'a.b=1 a_b.c=2'],
    [
      { 'a b': 1, a_b: Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, 0])) },
      /^a_b=1 a_b_2="\{/,
    ],
    [{ '': 1, _: 2 }, '__2=1 _=2'],
    [{ größe: 1, grüße: 2 }, 'größe=1 grüße_2=2'],
    [{ '…': '(+3 keys)' }, '…="(+3 keys)"'],
    [JSON.parse('{"__proto__":1,"constructor":2}') as object, '__proto__=1 constructor=2'],
  ])('%j is written %s', (entry, text) => {
    if (text instanceof RegExp) expect(render(entry)).toMatch(text)
    else expect(render(entry)).toBe(text)
  })
})

describe('what is no entry', () => {
  it.each([
    ['listening on 3000\n', 'message="listening on 3000"'],
    ['level=critical', 'message="level=critical"'],
    ['[1,2]', 'message=[1,2]'],
    ['{"cut":', 'message="{\\"cut\\":"'],
    ['', 'message=""'],
    ['a\nb', 'message="a\\nb"'],
  ])('%j is written %s', (line, text) => {
    expect(render(line)).toBe(text)
  })

  it('does not throw', () => {
    const throws = Object.defineProperty({}, 'k', { enumerable: true, get: () => expect.fail() })
    expect(render(throws)).toBe('message="[Throws]"')
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(render(proxy)).toBe('message="[Throws]"')
  })
})

/** As Go's readers and Loki's do it: strict, single quotes too. */
function pairsOf(line: string): [string, string][] {
  const pairs: [string, string][] = []
  let rest = line
  while (rest !== '') {
    const pair = /^([^\s"'=]+)=("(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|[^\s"'=]*)(?: (?=[^\s])|$)/.exec(
      rest,
    )
    if (pair === null) throw new Error(`no pair at: ${rest}`)
    const [all, key = '', value = ''] = pair
    pairs.push([key, value.startsWith('"') ? (JSON.parse(value) as string) : value])
    rest = rest.slice(all.length)
  }
  return pairs
}

const label = (key: string) => key.replace(/[^A-Za-z0-9_]/gu, '_').replace(/^(?=\d)/, '_')

// eslint-disable-next-line no-control-regex
const control =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    '__proto__',
    'level',
    'level ',
    'level=critical event',
    'request_id',
    'request.id',
    'error_type',
    'error.type',
    'a b',
    'a_b',
    'a.b',
    'a_b_2',
    '\u001b[31m',
    '\r\n',
    '\u2028',
    '\u202e',
    '\u009b',
    '"',
    "'",
    '\\',
    '=',
    ' ',
    '1',
    '\ufffd',
    '\ud800',
    '…',
  ),
)
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    nasty,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(nasty, tie('value'), { maxKeys: 4 }),
  ),
})).value
const entry = fc.dictionary(nasty, json, { maxKeys: 12 }).map((fields) => ({ level: 'info', ...fields }))

/** The leaves of what the line says, in its order. */
function leavesOf(value: unknown, path: string[] = []): { path: string[]; text: string }[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    const keys = Object.keys(value)
    const isIndex = (key: string) => path.length === 0 && /^(0|[1-9]\d*)$/.test(key)
    return [...keys.filter((key) => !isIndex(key)), ...keys.filter(isIndex)].flatMap((key) =>
      leavesOf((value as Record<string, unknown>)[key], [...path, key]),
    )
  }
  return [
    {
      path,
      text:
        typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value),
    },
  ]
}

describe('any entry', () => {
  it('is one line that reads back as what it says, with no key twice', () => {
    fc.assert(
      fc.property(entry, (fields) => {
        const text = JSON.stringify(fields)
        const line = render(text)
        expect(line).not.toMatch(control)
        const pairs = pairsOf(line)
        const leaves = leavesOf(JSON.parse(text))
        expect(pairs.map(([, value]) => value)).toEqual(leaves.map((leaf) => leaf.text))
        expect(new Set(pairs.map(([key]) => label(key))).size).toBe(pairs.length)
        leaves.forEach(({ path }, index) => {
          const [key = ''] = pairs[index] ?? []
          // The line's own names are theirs: nothing else comes to be called so.
          if (path.length === 1 && /^[A-Za-z_]\w*$/.test(path[0] ?? '')) expect(key).toBe(path[0])
          else if (Object.hasOwn(fields, label(key))) {
            const own: unknown = (fields as Record<string, unknown>)[label(key)]
            expect(typeof own === 'object' && own !== null).toBe(true)
          }
        })
        expect(render(JSON.parse(text) as object)).toBe(line)
      }),
      { numRuns: 1000 },
    )
  })

  it('or any text is one line', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const line = render(text)
        expect(line).not.toMatch(control)
        expect(() => pairsOf(line)).not.toThrow()
      }),
    )
  })
})
