import { expect, test } from 'vitest'
import { bytes, percent } from './bytes.js'

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [512 * 2 ** 20, '512 MiB'],
  [1.44 * 2 ** 30, '1.4 GiB'],
  [2 ** 62, '4096 PiB'],
])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text))

test('a share in per cent', () => expect([percent(0.05), percent(0.934_5)]).toEqual(['5 %', '93.5 %']))
