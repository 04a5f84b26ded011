import { expect, test } from 'vitest'
import { fieldsOf, itemsOf, spanOf } from './otlp.mjs'

const message = (...fields) => Buffer.concat(fields)
const varint = (number, value) => Buffer.from([number << 3, ...digits(value)])
const bytes = (number, value) => {
  const content = Buffer.from(value)
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...digits(content.length)]), content])
}
const fixed64 = (number) => Buffer.from([(number << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8])
const fixed32 = (number) => Buffer.from([(number << 3) | 5, 1, 2, 3, 4])
function digits(value) {
  return value < 128 ? [value] : [(value % 128) | 128, ...digits(Math.floor(value / 128))]
}

const span = (name, parent = '') =>
  message(
    bytes(1, Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex')),
    bytes(2, Buffer.from('b7ad6b7169203331', 'hex')),
    bytes(4, Buffer.from(parent, 'hex')),
    bytes(5, name),
    varint(6, 2),
    fixed64(7),
    fixed32(15),
  )
const request = (...scopes) =>
  message(bytes(1, message(bytes(1, 'a resource'), ...scopes.map((spans) => bytes(2, message(bytes(1, 'a scope'), ...spans.map((each) => bytes(2, each)))))))) // prettier-ignore

test('the fields of a message are read whatever their type', () => {
  expect([...fieldsOf(message(varint(1, 300), bytes(2, 'ab'), fixed64(3), fixed32(4)))]).toEqual([
    [1, 300],
    [2, Buffer.from('ab')],
    [3, undefined],
    [4, undefined],
  ])
})

test.each([
  ['a number that does not end', Buffer.from([8, 255])],
  ['a text that is longer than what is left', Buffer.from([18, 5, 65])],
  ['a type that there is not', Buffer.from([15, 1])],
])('%s is an error', (_what, broken) => {
  expect(() => [...fieldsOf(broken)]).toThrow(RangeError)
})

test('the spans of all scopes and resources are found', () => {
  const two = request([span('a'), span('b')], [span('c')])
  const names = [...itemsOf(Buffer.concat([two, request([span('d')])]))].map((each) => spanOf(each).name)
  expect(names).toEqual(['a', 'b', 'c', 'd'])
})

test('a span is read as it was written', () => {
  expect(spanOf(span('GET /things/:id', '00f067aa0ba902b7'))).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '00f067aa0ba902b7',
    name: 'GET /things/:id',
    kind: 'server',
  })
})
