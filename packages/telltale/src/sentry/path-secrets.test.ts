import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { maskedPaths } from '../http/masked-paths.js'
import { idsOf, rememberPathSecrets, withoutPathSecrets } from './path-secrets.js'

let forget: () => void

beforeEach(() => (forget = rememberPathSecrets()))
afterEach(() => forget())

const tell = (ids: { traceId?: string; requestId?: string }, path: string, masked: string): void =>
  maskedPaths.tell!(ids, path, masked)

describe('what a path has lost', () => {
  it.each([
    ['/reset/C4n%40ry', '/reset/[REDACTED]'],
    ['GET http://h/reset/C4n%40ry?a=b', 'GET http://h/reset/[REDACTED]?a=b'],
    ['/reset/C4n@ry/edit, /x/C4n@ry', '/reset/[REDACTED]/edit, /x/[REDACTED]'],
    ['C4n@ry', '[REDACTED]'],
    ['/reset/C4n@ry2', '/reset/C4n@ry2'],
    ['C4n@ry is no path', 'C4n@ry is no path'],
  ])('goes from an item of the request: %s | %s', (text, safe) => {
    tell({ traceId: 't1' }, '/reset/C4n%40ry', '/reset/[REDACTED]')
    expect(withoutPathSecrets({ a: [{ b: text }] }, ['t1'])).toEqual({ a: [{ b: safe }] })
  })

  it('stays in items of other requests', () => {
    tell({ traceId: 't1', requestId: 'r1' }, '/reset/orders', '/reset/[REDACTED]')
    const item = { url: '/orders/5' }
    expect(withoutPathSecrets(item, ['t2', undefined])).toBe(item)
    expect(withoutPathSecrets(item, ['r1'])).toEqual({ url: '/[REDACTED]/5' })
  })

  it("is no id of the protocol's", () => {
    tell({ traceId: 't1' }, '/reset/t1', '/reset/[REDACTED]')
    const trace = { trace_id: 't1', data: { 'url.path': '/reset/t1' } }
    expect(withoutPathSecrets(trace, ['t1'])).toEqual({
      trace_id: 't1',
      data: { 'url.path': '/reset/[REDACTED]' },
    })
  })

  it('is kept for the newest requests alone', () => {
    for (let i = 0; i < 3001; i++) tell({ traceId: `t${i}` }, `/reset/s${i}`, '/reset/[REDACTED]')
    expect(withoutPathSecrets('/s0', ['t0'])).toBe('/s0')
    expect(withoutPathSecrets('/s3000', ['t3000'])).toBe('/[REDACTED]')
    const long = 'x'.repeat(600_000)
    for (const id of ['a', 'b']) tell({ traceId: id }, `/reset/${long}`, '/reset/[REDACTED]')
    expect(withoutPathSecrets(`/${long}`, ['a'])).toBe(`/${long}`)
    expect(withoutPathSecrets('/s3000', ['t3000'])).toBe('/s3000')
  })

  it('is forgotten with its end', () => {
    tell({ traceId: 't1' }, '/reset/C', '/reset/[REDACTED]')
    forget()
    expect(maskedPaths.tell).toBeUndefined()
    expect(withoutPathSecrets('/C', ['t1'])).toBe('/C')
  })
})

it('an item is of its request and its trace', () => {
  expect(idsOf({ contexts: { trace: { trace_id: 't1' } }, tags: { request_id: 'r1' } })).toEqual(['r1', 't1'])
  expect(idsOf({ trace_id: 't2' })).toEqual(['t2'])
  expect(idsOf({ transaction: { trace_id: 't3' } })).toEqual(['t3'])
  expect(idsOf('text')).toEqual([])
})
