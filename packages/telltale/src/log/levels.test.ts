import { afterEach, describe, expect, it } from 'vitest'
import { getLogger } from './logger.js'
import { levelNumber, levels, setLevels, thresholdOf, type Level } from './levels.js'

afterEach(() => setLevels('debug'))

describe('levelNumber', () => {
  it('knows every spelling', () => {
    expect(levels.map(levelNumber)).toEqual([0, 1, 2, 3, 4])
    expect(['warn', 'fatal', 'off', 'silent'].map(levelNumber)).toEqual([2, 4, 5, 5])
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'INFO', '', 'loud'])(
    '%j is no level',
    (word) => {
      expect(levelNumber(word)).toBeUndefined()
      expect(() => setLevels(`db=${word === 'INFO' ? 'none' : word}`)).toThrow(RangeError)
    },
  )

  it.each([Object.create(null), Symbol('s'), 5n, undefined, { toString: () => 'info' }])(
    'what is no text is none, case %#',
    (word: unknown) => {
      expect(levelNumber(word)).toBeUndefined()
    },
  )
})

it('isEnabled takes what is no level for info, and does not throw', () => {
  setLevels('info')
  expect(getLogger('levels').isEnabled(Object.create(null) as Level)).toBe(true)
  expect(getLogger('levels').isEnabled('constructor' as Level)).toBe(true)
  setLevels('warning')
  expect(getLogger('levels').isEnabled(Object.create(null) as Level)).toBe(false)
  expect(getLogger('levels').isEnabled('constructor' as Level)).toBe(false)
})

it('a longer prefix wins', () => {
  setLevels('info,db=error,db.pool=debug')
  expect(['app', 'db', 'db.x', 'db.pool', 'dbx'].map(thresholdOf)).toEqual([1, 3, 3, 0, 1])
})
