import { expect, test } from 'vitest'
import { Message } from './message.js'

test.each([
  [0, [0]],
  [300, [0xac, 2]],
  [2 ** 53 - 1, [255, 255, 255, 255, 255, 255, 255, 15]],
  [Infinity, [255, 255, 255, 255, 255, 255, 255, 15]],
  [-1, [0]],
  [-Infinity, [0]],
  [NaN, [0]],
])('varint(%d) ends and is whole', (value, bytes) => {
  const message = new Message()
  message.varint(value)
  expect([...message.buffer.subarray(0, message.at)]).toEqual(bytes)
})
