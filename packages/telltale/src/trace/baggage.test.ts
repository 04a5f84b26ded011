import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBaggage } from './baggage.js'

const members = (count: number): string => Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(',')

describe('parseBaggage forwards', () => {
  it.each([
    ['key1=value1;property1;property2, key2 = value2', 'key1=value1;property1;property2,key2 = value2'],
    ['key3=value3; propertyKey=propertyValue', 'key3=value3; propertyKey=propertyValue'],
    ['a=b=c,d=', 'a=b=c,d='],
    ['a=1,a=2', 'a=1,a=2'],
    ['serverNode=DF%2028', 'serverNode=DF%2028'],
    [members(64), members(64)],
  ])('%j', (header, forwarded) => {
    expect(parseBaggage(header)).toBe(forwarded)
  })
})

describe('parseBaggage leaves out', () => {
  it.each([
    ['a=1,nonsense,b=2', 'a=1,b=2'],
    ['a=with blank,b=2', 'b=2'],
    ['a="quoted",b=2', 'b=2'],
    ['a=back\\slash,b=2', 'b=2'],
    ['a=\u00e9,b=2', 'b=2'],
    ['=1,b=2', 'b=2'],
    ['a b=1,b=2', 'b=2'],
    ['a=1;,b=2', 'b=2'],
    ['a=1;x y,b=2', 'b=2'],
    ['a=1;p=\u0001,b=2', 'b=2'],
    [members(65), members(64)],
    [`a=1,b=${'x'.repeat(8192)},c=2`, 'a=1,c=2'],
    [`a=${'x'.repeat(8185)},b=1,c=2`, `a=${'x'.repeat(8185)},b=1`],
    [`a=${'x'.repeat(8190)},b=1`, `a=${'x'.repeat(8190)}`],
    ['', undefined],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('of %j what is malformed or too much', (header, forwarded) => {
    expect(parseBaggage(header)).toBe(forwarded)
  })
})

it('parseBaggage forwards at most 8,192 visible bytes, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 400 }), { maxLength: 80 }), (list) => {
      const forwarded = parseBaggage(list.map((text) => `k=${text}`).join(','))
      if (forwarded === undefined) return
      expect(forwarded).toMatch(/^[\x20-\x7e\t]+$/)
      expect(forwarded.length).toBeLessThanOrEqual(8192)
      expect(parseBaggage(forwarded)).toBe(forwarded)
    }),
  )
})
