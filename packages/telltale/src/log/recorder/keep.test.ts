import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { fullError } from '../../errors/record.js'
import { withoutSeeing } from '../../errors/seen.js'
import { wide } from '../../encode/wide.fixture.js'
import { keep } from './keep.js'

function kept(value: unknown): { value: unknown; size: number } {
  const { fields, size } = keep({ value })
  return { value: fields['value'], size }
}

const written = (error: unknown): unknown => withoutSeeing(() => fullError(error))

class ClientError extends Error {
  constructor(
    readonly response: object,
    options?: ErrorOptions,
  ) {
    super('Request failed with status code 502', options)
    this.name = 'ClientError'
  }
}

test('an error of texts and numbers is kept itself, with its causes', () => {
  const error = Object.assign(new Error('refused', { cause: new TypeError('unknown host') }), {
    code: 'E',
    errno: -1,
  })
  expect(kept(error).value).toBe(error)
})

test.each<[what: string, error: Error]>([
  [
    'a response',
    Object.assign(new ClientError({ data: 'x'.repeat(1e6) }), { code: 'ERR_BAD_RESPONSE', status: 502 }),
  ],
  ['a function', Object.assign(new Error('refused'), { retry: () => undefined })],
  ['something under a symbol', Object.assign(new Error('refused'), { [Symbol('data')]: {} })],
  ['something that is not listed', Object.defineProperty(new Error('refused'), 'request', { value: {} })],
  ['a cause with a response', new Error('refused', { cause: new ClientError({}, { cause: { code: 5 } }) })],
  ['errors', new AggregateError([new ClientError({}), 'text', new RangeError('b')], 'all refused')],
  ['a DOMException with data', Object.assign(new DOMException('late', 'TimeoutError'), { data: {} })],
])('of an error that holds %s, what is written of it', (_what, error) => {
  const { value, size } = kept(error)
  expect(value).not.toBe(error)
  expect(value).toBeInstanceOf(Error)
  expect(written(value)).toEqual(written(error))
  for (const name of Reflect.ownKeys(value as object)) {
    if (name === 'cause' || name === 'errors') continue
    expect(typeof (value as Record<string | symbol, unknown>)[name]).toMatch(/^(string|number|boolean)$/)
  }
  expect(size).toBeGreaterThan(error.message.length + error.stack!.length)
  expect(size).toBeLessThan(20_000)
})

test('an error that is its own cause is kept', () => {
  const error = new Error('refused')
  error.cause = error
  expect(written(kept(error).value)).toEqual(written(error))
})

test('a long message is cut, with a mark', () => {
  const error = new Error('x'.repeat(1e6))
  const { value, size } = kept(error)
  expect((value as Error).message).toMatch(/^x{4096}…\(\+995904 chars\)$/)
  expect(size).toBeLessThan(10_000)
})

test('what may hold anything is kept as its text, and counted', () => {
  expect(kept(() => 1).value).toMatch(/^\[Function/)
  expect(kept([10n ** 100_000n]).value).toEqual(['[BigInt of more than 256 bits]'])
  expect(kept({ n: 12n, s: Symbol('a') }).value).toEqual({ n: '12', s: 'Symbol(a)' })
  const name = 'n'.repeat(1000)
  expect(keep({ [name]: 1 }).size).toBeGreaterThan(1000)
})

test('of many keys no more is read than is kept', () => {
  const { fields, reads } = wide(100_000)
  expect(keep(fields).fields).toMatchObject({ k31: 31, '… recorded': '(+99968 keys)' })
  expect(kept({ inner: fields }).value).toMatchObject({ inner: { k31: 31, '…': '(+99968 keys)' } })
  expect(reads()).toBe(64)
})

test('nothing behind it stays in memory', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const text = (n: number): string => Buffer.from(`${n}`.padEnd(1_000_000, 'x')).toString('latin1')
  const megabytes = (act: (n: number) => unknown): number => {
    collect()
    const before = process.memoryUsage().heapUsed
    const all = Array.from({ length: 50 }, (_, n) => act(n))
    collect()
    const used = (process.memoryUsage().heapUsed - before) / 1e6
    expect(all).toHaveLength(50)
    return used
  }
  expect(megabytes((n) => text(n).slice(0, 100))).toBeGreaterThan(40)
  expect(megabytes((n) => keep({ part: text(n).slice(0, 100), long: text(n) }))).toBeLessThan(10)
  expect(megabytes((n) => keep({ error: new ClientError({ data: text(n) }) }))).toBeLessThan(10)
  expect(
    megabytes((n) => {
      const data = text(n)
      return keep({ later: () => data })
    }),
  ).toBeLessThan(10)
})
