import { afterEach, expect, it } from 'vitest'
import { Capture } from '../../test/support/capture.js'
import { getLogger } from '../index.js'
import { pipeline } from './pipeline.js'

class Money {
  constructor(
    readonly amount: number,
    readonly currency: string,
  ) {}
}
class Opaque {
  readonly hidden = 1
  toJSON(): unknown {
    return { shown: 2, at: new Date(0) }
  }
}

const values: Record<string, () => unknown> = {
  toJSON: () => new Opaque(),
  'toJSON of a plain object': () => ({ toJSON: () => 'short' }),
  'class instance': () => ({ price: new Money(5, 'EUR') }),
  'URL and its parameters': () => [new URL('https://a.example/?q=1'), new URLSearchParams('q=1')],
  'map and set': () => ({ map: new Map([['a', new Money(1, 'EUR')]]), set: new Set([1, 'b']) }),
  'map with other keys': () => new Map([[1, 2]]),
  'boxed, bytes, pattern': () => [Object(5), Buffer.from('abc'), /a+/g, new Date(5), new Date(NaN)],
  'odd primitives': () => [5n, Symbol('s'), NaN, -0, undefined, () => 1],
  deep: () => ({ a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } }),
  'nested error': () => ({ at: [new Error('inner', { cause: new TypeError('innermost') })] }),
  headers: () => new Headers({ authorization: 'Bearer x', accept: 'a' }),
  promise: () => Promise.resolve(1),
  getter: () => ({
    get a() {
      return 1
    },
    get b(): number {
      throw new Error('no')
    },
  }),
}

let out: Capture
afterEach(() => out.telltale.shutdown())

it.each(Object.entries(values))('%s is written before setup() as after', (_name, value) => {
  pipeline.open = false
  getLogger('app').info('held', { value: value() })
  out = new Capture()
  getLogger('app').info('after', { value: value() })
  const [held, after] = [out.one('held'), out.one('after')].map((line) =>
    JSON.stringify(line['value']).replace(/hold\.test\.ts:\d+:\d+/g, ''),
  )
  expect(held).toBe(after)
})

it('holds so many characters, then opens with what there is', () => {
  out = new Capture()
  pipeline.open = false
  const log = getLogger('app')
  let held = 0
  while (!pipeline.open && held < 1000) {
    log.info('held', { text: 'x'.repeat(10_000), list: ['y'.repeat(10_000)] })
    held++
  }
  expect(held).toBeGreaterThan(100)
  expect(held).toBeLessThan(300)
})
