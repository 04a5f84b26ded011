import { describe, expect, it } from 'vitest'
import { show } from './show.js'

const throws = (): never => {
  throw new Error('no text')
}

describe('show', () => {
  it.each([
    ['plain', 'plain'],
    [5n, '5'],
    [-0.5, '-0.5'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('tag'), 'Symbol(tag)'],
    [{}, '[object Object]'],
    [Object.create(null), 'an object that has no text'],
    [{ toString: throws }, 'an object that has no text'],
    [{ [Symbol.toPrimitive]: throws }, 'an object that has no text'],
    [[Object.create(null)], 'an object that has no text'],
    [new Proxy({}, { get: throws }), 'an object that has no text'],
    [new Proxy(() => 1, { get: throws }), 'a function'],
    [Object.assign(() => 'S3cretSource', { toString: throws }), 'a function'],
  ])('case %#', (value: unknown, text) => {
    expect(show(value)).toBe(text)
  })

  it('names a function and never gives its source', () => {
    function connect(): string {
      return 'S3cretSource'
    }
    expect(show(connect)).toBe('function connect')
    expect(show(Map)).toBe('function Map')
  })

  it('screens before it cuts, so a secret that the cut halves is gone', () => {
    const url = 'postgres://user:S3cretPassw0rd@db.internal/app'
    expect(show(url)).not.toContain('S3cret')
    for (let before = 150; before < 200; before++) {
      expect(show(`${'x'.repeat(before)} ${url} ${'y'.repeat(20_000)}`)).not.toContain('S3cret')
    }
  })

  it('is at most 200 characters and a mark', () => {
    expect(show('x'.repeat(200))).toHaveLength(200)
    expect(show('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`)
    expect(show({ toString: () => 'x'.repeat(1e6) })).toHaveLength(201)
  })
})
