import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { normalise } from './normalise.js'
import { errorFingerprint } from './record.js'

/** An error with a stack as given, `function file` a call. */
function thrown(message: string, calls: readonly string[], name = 'PaymentError', cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause })
  error.name = name
  error.stack = [`${name}: ${message}`, ...calls.map((call) => `    at ${call}`)].join('\n')
  return error
}

const same = (a: unknown, b: unknown): void => expect(errorFingerprint(a)).toBe(errorFingerprint(b))
const differs = (a: unknown, b: unknown): void => expect(errorFingerprint(a)).not.toBe(errorFingerprint(b))

describe('messages that differ in data only are one', () => {
  it.each([
    ['user 17 has no "math"', 'user 4 has no "reading"'],
    ['user 9f86d081-884c-4d63-a159-abcdefabcdef gone', 'user 17 gone'],
    ['user usr_8fkQ2j gone', 'user usr_77aaZq gone'],
    ['no order deadbeefcafe', 'no order 0123456789ab'],
    ["can't find bob@example.com", "can't find alice.b@mail.example.org"],
    ["can't read 'a b'", "can't read 'c'"],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED ::1:5432'],
    ['GET https://api.example/v1/users?x=bob&y=z failed', 'GET http://localhost/ failed'],
    [
      "ENOENT: no such file or directory, open '/tmp/a'",
      "ENOENT: no such file or directory, open '/var/b c'",
    ],
    ['cannot open /tmp/upload/a.png', 'cannot open C:\\Temp\\b.png'],
    ['timed out after 1.5s at 2026-11-23T14:13:03.000Z', 'timed out after 20s at 2027-01-01T00:00:00.123Z'],
    ['ids 1, 2, 3 missing', 'ids 4, 5 missing'],
    [
      'Unexpected token \'a\', "{"a": a}" is not valid JSON',
      'Unexpected token \'}\', ..."b":"c",}" is not valid JSON',
    ],
    ['Unexpected token < in JSON at position 0', 'Unexpected token o in JSON at position 12'],
    [`bad "${'x'.repeat(3000)}`, `bad "${'y'.repeat(2000)}`],
    ['login failed, password=hunter2', 'login failed, password=letmein'],
    ['read  failed\n at once', 'read failed at once'],
  ])('%s | %s', (a, b) => {
    expect(normalise(a)).toBe(normalise(b))
  })
})

describe('messages that say something else are not', () => {
  it.each([
    ['user not found', 'order not found'],
    ['connect ECONNREFUSED 127.0.0.1:1', 'connect ETIMEDOUT 127.0.0.1:1'],
    ["can't read 'a'", "can't write 'a'"],
    ['Unexpected token < in JSON at position 0', 'Unexpected end of JSON input'],
  ])('%s | %s', (a, b) => {
    expect(normalise(a)).not.toBe(normalise(b))
  })
})

it('takes linear time for any message', () => {
  for (const part of ['"', "'a ", 'a/', '*:', '@a', 'x://', '1 ', 'ab-']) {
    expect(normalise(part.repeat(1_000_000)).length).toBeLessThanOrEqual(1024)
  }
})

describe('calls that are the same', () => {
  const calls = ['charge (/srv/app/src/pay.ts:41:11)', 'handle (/srv/app/src/routes.ts:18:5)']
  const known = thrown('refused', calls)

  it.each<[string, readonly string[]]>([
    ['on other lines', ['charge (/srv/app/src/pay.ts:43:7)', 'handle (/srv/app/src/routes.ts:20:1)']],
    ['in another checkout', ['charge (/home/dev/src/pay.ts:41:11)', 'handle (/home/dev/src/routes.ts:18:5)']],
    ['as URLs', ['charge (file:///srv/app/src/pay.ts:41:11)', 'handle (file:///srv/app/src/routes.ts:18:5)']],
    ['on Windows', ['charge (D:\\app\\src\\pay.ts:41:11)', 'handle (D:\\app\\src\\routes.ts:18:5)']],
    ['compiled', ['charge (/srv/app/dist/pay.js:1:11)', 'handle (/srv/app/dist/routes.mjs:1:5)']],
    [
      'with a hash in the file',
      ['charge (/srv/pay-BkX9a1c2.js:1:11)', 'handle (/srv/routes.8f3a2b1c.js:1:5)'],
    ],
    ['async', ['async charge (/srv/app/src/pay.ts:41:11)', 'async handle (/srv/app/src/routes.ts:18:5)']],
    ['called on something', ['Card.charge [as run] (/srv/pay.ts:1:1)', 'Object.handle (/srv/routes.ts:1:5)']],
    [
      'between those of others',
      [
        'query (/srv/node_modules/pg/index.js:1:1)',
        calls[0]!,
        'node:internal/timers:1:1',
        calls[1]!,
        'run (/srv/node_modules/fastify/x.js:1:1)',
      ],
    ],
    ['in a recursion', [calls[0]!, calls[0]!, calls[0]!, calls[1]!]],
  ])('%s', (_how, others) => {
    same(known, thrown('refused', others))
  })

  it.each<[string, Error]>([
    ['another function', thrown('refused', ['refund (/srv/app/src/pay.ts:41:11)', calls[1]!])],
    ['another file', thrown('refused', ['charge (/srv/app/src/bill.ts:41:11)', calls[1]!])],
    ['another caller', thrown('refused', [calls[0]!, 'retry (/srv/app/src/jobs.ts:1:1)'])],
    ['another type', thrown('refused', calls, 'CardError')],
  ])('but not %s', (_how, other) => {
    differs(known, other)
  })

  it('names of a minifier are none', () => {
    same(
      thrown('refused', ['a (/srv/chunk-7XKQ2P3A.js:1:11)', 'b (/srv/chunk-ABCDEFGH.js:1:5)'], 'e'),
      thrown('refused', ['c (/srv/chunk-QQQQ2P3A.js:1:90)'], 't'),
    )
    same(thrown('x', ['/srv/a.js:1:11']), thrown('x', ['<anonymous> (/srv/a.js:2:1)']))
  })
})

it('is the same for an error of another realm', () => {
  const make = 'function f() { return new TypeError("elsewhere") } f()'
  const foreign = vm.runInNewContext(make, {}, { filename: '/app/foreign.js' }) as Error
  same(foreign, vm.runInNewContext(make, {}, { filename: '/other/foreign.js' }))
  expect(foreign).not.toBeInstanceOf(TypeError)
})

it('asks the cause only where the error itself says too little', () => {
  const calls = ['load (/srv/load.js:1:1)']
  const [a, b] = [thrown('timeout', ['read (/srv/db.js:1:1)']), thrown('refused', ['read (/srv/db.js:1:1)'])]
  same(thrown("can't load", calls, 'E1x', a), thrown("can't load", calls, 'E1x', b))
  differs(thrown('', calls, 'Wrapper', a), thrown('', calls, 'Wrapper', b))
  differs(thrown("can't load", [], 'Wrapper', a), thrown("can't load", [], 'Wrapper', b))
  differs(new AggregateError([a], ''), new AggregateError([b], ''))
})

it('is there for whatever is thrown, and never throws', () => {
  let deep: Error = new Error('bottom')
  for (let level = 0; level < 1000; level++)
    deep = Object.assign(new Error('', { cause: deep }), { stack: '' })
  const cyclic = Object.assign(new Error(''), { stack: undefined })
  cyclic.cause = cyclic
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('no')
    },
  })
  const things = [
    deep,
    cyclic,
    hostile,
    Object.freeze(new Error('x')),
    new Error('m'.repeat(1_000_000)),
    undefined,
    null,
    'a',
    1,
    1n,
    Symbol('s'),
    {},
    () => 1,
  ]
  for (const thing of things) expect(errorFingerprint(thing)).toMatch(/^[0-9a-f]{16}$/)
  differs('a', 'b')
})
