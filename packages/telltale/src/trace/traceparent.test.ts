import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexId } from './ids.js'
import { formatTraceparent, parseTraceparent } from './traceparent.js'

const trace = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'

describe('parseTraceparent', () => {
  it.each([
    [`00-${trace}-${span}-01`, true],
    [`00-${trace}-${span}-00`, false],
    [`00-${trace}-${span}-ff`, true],
    [`cc-${trace}-${span}-01-what-the-future-brings`, true],
    [`cc-${trace}-${span}-01`, true],
  ])('continues %s', (header, sampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId: trace, parentId: span, sampled })
  })

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${trace}-${span}-01`,
    `00-${trace}-${span}-01-more`,
    `00-${trace}-${span}-01, 00-${trace}-${span}-01`,
    `cc-${trace}-${span}-01-more, 00-${trace}-${span}-01`,
    `cc-${trace}-${span}-01-${'x'.repeat(457)}`,
    `cc-${trace}-${span}-01.more`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}-1`,
    `00-${trace}-${span}-0g`,
    ` 00-${trace}-${span}-01`,
    [`00-${trace}-${span}-01`],
  ])('starts anew for %s', (header) => {
    expect(parseTraceparent(header)).toBeUndefined()
  })

  it('reads back what it writes, and never throws', () => {
    const header = formatTraceparent(hexId(16), hexId(8), true)
    expect(parseTraceparent(header)).toMatchObject({ sampled: true })
    fc.assert(fc.property(fc.string(), (text) => (parseTraceparent(text), true)))
  })
})
