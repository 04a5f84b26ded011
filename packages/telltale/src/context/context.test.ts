import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindContext, getLogger, unbindContext, withContext } from '../index.js'
import { Capture } from '../../test/support/capture.js'

const log = getLogger('context')
let out: Capture

beforeEach(() => {
  out = new Capture()
})
afterEach(() => out.telltale.shutdown())

describe('withContext', () => {
  it('puts its fields on every line raised inside, however asynchronous, and on none after', async () => {
    await withContext({ tenant_id: 't1' }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      await Promise.all([1, 2].map(async (n) => log.info('inside', { n })))
      queueMicrotask(() => log.info('microtask'))
      await null
    })
    log.info('outside')
    expect(out.events('inside', 'microtask').map(({ tenant_id }) => tenant_id)).toEqual(['t1', 't1', 't1'])
    expect(out.one('outside')).not.toHaveProperty('tenant_id')
  })

  it('lets inner fields win and gives outer ones back', () => {
    withContext({ a: 1, b: 1 }, () => {
      withContext({ b: 2 }, () => log.info('inner', { c: 3 }))
      log.info('outer')
    })
    expect(out.one('inner')).toMatchObject({ a: 1, b: 2, c: 3 })
    expect(out.one('outer')).toMatchObject({ a: 1, b: 1 })
  })

  it('returns and throws what its function does', async () => {
    expect(withContext({}, () => 5)).toBe(5)
    await expect(withContext({}, () => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect(withContext(null as unknown as object, () => 6)).toBe(6)
  })

  it('keeps the fields of the moment, and survives a getter that throws', () => {
    const fields = { a: 1, get bad(): never { throw new Error('no') } } // prettier-ignore
    withContext(fields, () => {
      fields.a = 2
      log.info('copied')
    })
    expect(out.one('copied')).toMatchObject({ a: 1, bad: '[Throws]' })
  })

  it('stays correct when nested a thousand deep', () => {
    const nest = (depth: number): void =>
      depth === 0 ? log.info('deep') : withContext({ depth, [`d${depth % 3}`]: depth }, () => nest(depth - 1))
    nest(1000)
    expect(out.one('deep')).toMatchObject({ depth: 1 })
  })
})

describe('bindContext', () => {
  it('adds to the nearest context, for later lines only, and unbindContext takes away', () => {
    withContext({ a: 1 }, () => {
      log.info('before')
      withContext({ inner: true }, () => {
        bindContext({ user_id: 'u1' })
        log.info('bound')
        unbindContext('user_id', 'inner')
        log.info('unbound')
        bindContext({ user_id: 'u2' })
      })
      log.info('after')
    })
    expect(out.one('before')).not.toHaveProperty('user_id')
    expect(out.one('bound')).toMatchObject({ a: 1, inner: true, user_id: 'u1' })
    expect(out.one('unbound')).not.toHaveProperty('user_id')
    expect(out.one('unbound')).not.toHaveProperty('inner')
    expect(out.one('after')).not.toHaveProperty('user_id')
  })

  it('reaches contexts that were made before it', () => {
    withContext({}, () => {
      const late = withContext({ inner: 1 }, () => () => log.info('late'))
      const held = withContext({ held: 1 }, () => () => bindContext({ x: 1 }))
      held()
      late()
    })
    expect(out.one('late')).toMatchObject({ x: 1 })
  })

  it('takes away what is named, whatever else is given', () => {
    withContext({ a: 1 }, () => {
      const odd = [Object.create(null), Symbol('s'), { toString: () => { throw new Error('no') } }] // prettier-ignore
      expect(() => unbindContext(...(odd as string[]), 'a')).not.toThrow()
      log.info('cleared')
    })
    expect(out.one('cleared')).not.toHaveProperty('a')
  })

  it('does nothing outside of any context, and does not throw', () => {
    expect(() => bindContext({ a: 1 })).not.toThrow()
    expect(() => unbindContext('a')).not.toThrow()
    log.info('plain')
    expect(out.one('plain')).not.toHaveProperty('a')
  })

  it('writes a field named like a key of the line under another name', () => {
    withContext({ level: 'x', request_id: 'fake' }, () => log.info('reserved', { event: 'y' }))
    expect(out.one('reserved')).toMatchObject({
      level: 'info',
      level_: 'x',
      request_id_: 'fake',
      event_: 'y',
    })
    expect(out.one('reserved')).not.toHaveProperty('request_id')
  })
})
