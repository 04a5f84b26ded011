const fail = (): never => {
  throw Object.create(null)
}

class Account {
  readonly #balance = 1
  get balance(): number {
    return this.#balance
  }
}

class Shouting extends Error {
  override get message(): string {
    return fail()
  }
  override get stack(): string {
    return fail()
  }
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function throwing(): object {
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail })
}

function getters(): object {
  const all = { enumerable: true, get: fail }
  const names = [
    'a',
    'message',
    'name',
    'stack',
    'code',
    'err',
    'error',
    'req',
    'res',
    'reqId',
    'then',
    'status',
  ]
  return Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, all])))
}

function circular(): object {
  const own: Record<string, unknown> = {}
  own['own'] = own
  return own
}

/** What code that promises never to throw may be given, by name; each one made anew, since some are used up. */
export const hostile: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  number: () => NaN,
  symbol: () => Symbol('s'),
  bigint: () => 10n ** 40n,
  function: () => fail,
  'function without a name': () => Object.defineProperty(() => undefined, 'name', { get: fail }),
  array: () => [revoked(), undefined, Symbol('s')],
  'null-prototype object': () => Object.create(null) as unknown,
  'frozen object': () => Object.freeze({ a: Object.freeze([1]) }),
  'class instance': () => new Account(),
  'prototype of a class': () => Account.prototype,
  'revoked proxy': revoked,
  'proxy that throws': throwing,
  'object that holds them': () => ({ a: revoked(), err: throwing(), error: getters() }),
  getters,
  circular,
  toJSON: () => ({ toJSON: fail }),
  toString: () => ({ toString: fail, valueOf: fail }),
  toPrimitive: () => ({ [Symbol.toPrimitive]: fail }),
  'invalid date': () => new Date(NaN),
  'error without texts': () => new Shouting(),
  'error of no type': () =>
    Object.assign(new Error('x'), { name: { toString: fail }, constructor: revoked() }),
  'rejected promise': () => {
    const promise = Promise.reject(new Error('later'))
    promise.catch(() => undefined)
    return promise
  },
}
