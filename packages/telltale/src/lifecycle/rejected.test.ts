import { describe, expect, it } from 'vitest'
import { rejectedWith } from './rejected.js'

/** As Node makes it where nobody listens. */
function wrapped(reason: string): Error {
  const message = `This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${reason}".`
  return Object.assign(new Error(message), {
    name: 'UnhandledPromiseRejection',
    code: 'ERR_UNHANDLED_REJECTION',
  })
}

describe('rejectedWith', () => {
  it.each([
    ['disk full', 'disk full'],
    ['a "quoted"\ntext', 'a "quoted"\ntext'],
    ['undefined', undefined],
    ['null', null],
    ['5', 5],
    ['', ''],
  ])('reads %j', (text, reason) => {
    expect(rejectedWith(wrapped(text))).toBe(reason)
  })

  it.each([
    ['#<Payment>', 'Payment'],
    ['[object Array]', 'Array'],
  ])('knows the class of %s', (text, name) => {
    expect(rejectedWith(wrapped(text))).toMatchObject({ name, message: 'an object that is no error' })
  })

  it.each([[new Error('own')], [wrapped('a').message], [null], [{ code: 'ERR_UNHANDLED_REJECTION' }]])(
    'leaves %s as it is',
    (error) => {
      expect(rejectedWith(error)).toBe(error)
    },
  )
})
