import { expect, it } from 'vitest'
import { duration } from './duration.js'

it.each([
  [0, '0 ms'],
  [0.04, '40 µs'],
  [0.42, '0.4 ms'],
  [3.21, '3.2 ms'],
  [811.6, '812 ms'],
  [999.6, '1 s'],
  [1412, '1.4 s'],
  [12_345, '12 s'],
  [59_600, '1 min'],
  [125_000, '2 min 5 s'],
  [3_599_900, '1 h'],
  [11_400_000, '3 h 10 min'],
  [187_200_000, '2 d 4 h'],
])('%d ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})
