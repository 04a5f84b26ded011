import { expect, test } from 'vitest'
import { responseLength } from './response-length.mjs'

test('head and body together', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n'
  expect(responseLength(`${head}{"a":1}`)).toBe(head.length + 7)
  expect(responseLength(head)).toBe(head.length + 7)
})

test('lower-case names are read too', () => {
  expect(responseLength('HTTP/1.1 200 OK\r\ncontent-length:12\r\n\r\n')).toBe(38 + 12)
})

test('an incomplete head has no length yet', () => {
  expect(responseLength('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n')).toBeUndefined()
})

test('a response that names no length is an error', () => {
  expect(() => responseLength('HTTP/1.1 200 OK\r\n\r\ncontent-length: 3\r\n')).toThrow(
    'without Content-Length',
  )
})

test('a body in chunks ends with the last of them', () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  expect(responseLength(`${head}7\r\n{"a":1}\r\n`)).toBeUndefined()
  expect(responseLength(`${head}7\r\n{"a":1}\r\n0\r\n\r\nHTTP/1.1`)).toBe(head.length + 17)
  expect(responseLength(`${head}0\r\n\r\n`)).toBe(head.length + 5)
})
