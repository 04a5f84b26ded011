import fc from 'fast-check'
import { expect, test } from 'vitest'
import { salvage } from './salvage.js'

test('a beginning of an object, cut anywhere, is nothing or an object that parses', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (object, at) => {
      const text = JSON.stringify(object)
      const found = salvage(text.slice(0, at % text.length))
      if (found !== undefined) expect(object).toMatchObject({ ...JSON.parse(found), ...object })
    }),
  )
})

test('whole members are kept', () => {
  expect(salvage('{"a":1,"b":{"c":[1,2,"x')).toBe('{"a":1,"b":{"c":[1,2]}}')
  expect(salvage('{"a":"1,\\",')).toBeUndefined()
})
