import { afterEach, beforeEach, expect, it } from 'vitest'
import { getLogger } from '../index.js'
import { Capture } from '../../test/support/capture.js'

const log = getLogger('encode')
let out: Capture

beforeEach(() => {
  out = new Capture()
})
afterEach(() => out.telltale.shutdown())

class Again {
  toJSON(): unknown {
    return new Again()
  }
}
class AgainNested {
  toJSON(): unknown {
    return { again: new AgainNested() }
  }
}
class Boxed extends String {
  override valueOf(): string {
    return new Boxed('x') as unknown as string
  }
}

function endlessProxy(): object {
  const proxy: object = new Proxy(
    {},
    {
      get: () => proxy,
      has: () => true,
      ownKeys: () => ['a', 'b'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: proxy }),
      getPrototypeOf: () => Object.prototype,
    },
  )
  return proxy
}

function endlessError(): Error {
  return new Proxy(new Error('x'), {
    get: (target, name) => (name === 'cause' ? endlessError() : (Reflect.get(target, name) as unknown)),
  })
}

it.each<[string, () => unknown]>([
  ['toJSON that gives another one', () => new Again()],
  ['toJSON that gives another one inside', () => new AgainNested()],
  ['valueOf that gives another one', () => new Boxed('x')],
  [
    'getter that gives another one',
    () => ({
      get self() {
        return Object.create(
          Object.getPrototypeOf(this) as object,
          Object.getOwnPropertyDescriptors(this),
        ) as object
      },
    }),
  ],
  ['proxy that has itself everywhere', endlessProxy],
  ['cause that has another one', endlessError],
  [
    'list of itself',
    () => {
      const list: unknown[] = []
      list.push(list, list)
      return [list, list]
    },
  ],
  [
    'Map of itself',
    () => {
      const map = new Map<unknown, unknown>()
      return map.set('a', map).set('b', [map])
    },
  ],
  [
    'Set of itself',
    () => {
      const set = new Set()
      return set.add(set).add([set])
    },
  ],
])('ends with a %s', (_name, value) => {
  log.bind({ bound: value() }).info('endless', { value: value(), error: value() })
  expect(out.lines).toHaveLength(1)
  expect(out.text.length).toBeLessThan(1_000_000)
  expect(out.one('endless')).toHaveProperty('value')
})
