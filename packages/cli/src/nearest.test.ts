import { expect, test } from 'vitest'
import { nearest } from './nearest.js'

test.each([
  ['prety', 'pretty'],
  ['PRETTY', 'pretty'],
  ['pretyt', 'pretty'],
  ['pre', 'pretty'],
  ['audit', undefined],
  ['x', undefined],
  ['', undefined],
])('%s: %s', (word, wanted) => expect(nearest(word, ['pretty', 'version'])).toBe(wanted))
