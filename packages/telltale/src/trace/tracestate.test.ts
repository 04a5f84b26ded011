import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTracestate } from './tracestate.js'

const members = (count: number): string => Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(',')
const long = (key: string): string => `${key}=${'x'.repeat(130)}`

describe('parseTracestate forwards', () => {
  it.each([
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    ['a=1 \t , \t b=2,', 'a=1,b=2'],
    [', ,\t,a=1', 'a=1'],
    ['a=  leading blanks', 'a=  leading blanks'],
    ['tenant@vendor=x', 'tenant@vendor=x'],
    ['1tenant@vendor=x', '1tenant@vendor=x'],
    [members(32), members(32)],
    [`${'z'.repeat(256)}=1`, `${'z'.repeat(256)}=1`],
    [`${'t'.repeat(241)}@${'v'.repeat(14)}=1`, `${'t'.repeat(241)}@${'v'.repeat(14)}=1`],
    [`a=${'x'.repeat(256)}`, `a=${'x'.repeat(256)}`],
  ])('%j', (header, forwarded) => {
    expect(parseTracestate(header)).toBe(forwarded)
  })
})

describe('parseTracestate drops the whole of', () => {
  it.each([
    undefined,
    '',
    ' , ,',
    '=1',
    'a',
    'a=',
    'a=1,b=',
    'UPPER=1',
    '1simple=1',
    'a.b=1',
    'a =1',
    'a=b=c',
    'a=\u00a0',
    'a=1,\u00a0b=2',
    '@vendor=1',
    'tenant@=1',
    'tenant@1vendor=1',
    'tenant@vendor@other=1',
    `${'z'.repeat(257)}=1`,
    `${'t'.repeat(242)}@v=1`,
    `t@${'v'.repeat(15)}=1`,
    `a=${'x'.repeat(257)}`,
    'a=1,b=2,a=1',
    members(33),
  ])('%j', (header) => {
    expect(parseTracestate(header)).toBeUndefined()
  })
})

describe('parseTracestate shortens to 512 characters', () => {
  it('by whole members of more than 128 characters first, the last of them first', () => {
    const header = [long('a'), 'b=1', long('c'), 'd=1', long('e'), long('f')].join(',')
    expect(parseTracestate(header)).toBe([long('a'), 'b=1', long('c'), 'd=1', long('e')].join(','))
  })

  it('then by members from the end, in order', () => {
    const all = Array.from({ length: 6 }, (_, i) => `k${i}=${'x'.repeat(100)}`)
    expect(parseTracestate(all.join(','))).toBe(all.slice(0, 4).join(','))
  })

  it('but not what has exactly 512', () => {
    const whole = `a=${'x'.repeat(253)},b=${'x'.repeat(254)}`
    expect(whole).toHaveLength(512)
    expect(parseTracestate(whole)).toBe(whole)
    expect(parseTracestate(`${whole}y`)).toBe(whole.slice(0, 255))
  })

  it('whatever comes, and what it forwards it would take itself', () => {
    const key = fc.stringMatching(/^[a-z]{1,3}$/)
    const value = fc.stringMatching(/^[!-+]{1,200}$/)
    const member = fc.oneof(
      fc.tuple(key, value).map(([k, v]) => `${k}=${v}`),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(member, { maxLength: 40 }), (list) => {
        const forwarded = parseTracestate(list.join(','))
        if (forwarded === undefined) return
        expect(forwarded.length).toBeLessThanOrEqual(512)
        expect(parseTracestate(forwarded)).toBe(forwarded)
      }),
    )
  })
})
