import { describe, expect, it } from 'vitest'
import { type CheckOptions, checkSettings } from './options.js'
import { health } from './checks.js'

const of =
  (options: unknown): (() => unknown) =>
  () =>
    checkSettings('database', options as CheckOptions)

it('defaults', () => {
  expect(checkSettings('database', {})).toEqual({
    critical: true,
    timeoutMs: 2000,
    intervalMs: 10_000,
    staleAfterMs: 32_000,
    failureThreshold: 1,
    successThreshold: 1,
    oneOf: undefined,
    groups: ['ready'],
  })
})

it('startup adds its group to those given', () => {
  expect(checkSettings('a', { startup: true }).groups).toEqual(['ready', 'startup'])
  expect(checkSettings('a', { startup: true, groups: ['startup'] }).groups).toEqual(['startup'])
  expect(checkSettings('a', { startup: false, groups: ['reports'] }).groups).toEqual(['reports'])
})

it('an option that is undefined is not given', () => {
  expect(checkSettings('a', { timeoutMs: undefined } as unknown as CheckOptions).timeoutMs).toBe(2000)
})

describe('what it does not take is named', () => {
  const cases: [string, unknown, RegExp][] = [
    [
      'an unknown option',
      { interval: 5 },
      /^health\.check\("database"\): interval is not an option; there are critical, timeoutMs/,
    ],
    ['one that every object has', { toString: 5 }, /toString is not an option/],
    [
      'a text for a time',
      { timeoutMs: '1s' },
      /timeoutMs must be a number of milliseconds above 0, got "1s"\.$/,
    ],
    ['no time', { intervalMs: 0 }, /intervalMs must be .* above 0, got 0\.$/],
    ['not a number', { intervalMs: NaN }, /intervalMs must be/],
    ['longer than a timer', { timeoutMs: 2 ** 31 }, /timeoutMs must be/],
    ['a text for a truth', { critical: 'no' }, /critical must be true or false, got "no"\.$/],
    [
      'half a failure',
      { failureThreshold: 1.5 },
      /failureThreshold must be a whole number from 1, got 1\.5\.$/,
    ],
    ['no pass', { successThreshold: 0 }, /successThreshold must be a whole number from 1, got 0\.$/],
    ['an empty name', { oneOf: '' }, /oneOf must be a name/],
    [
      'one group as a text',
      { groups: 'ready' },
      /groups must be an array of names such as \['ready', 'reports'\].*got "ready"\.$/,
    ],
    ['no group', { groups: [] }, /groups must be an array/],
    [
      'a group that is no part of a path',
      { groups: ['a/b'] },
      /groups must be .* letters, digits, _ and -, got \["a\/b"\]\.$/,
    ],
    ['a function', { oneOf: () => 1 }, /oneOf must be a name/],
    ['no object', 5, /the options must be an object such as \{ timeoutMs: 1000 \}, got 5\.$/],
    ['null', null, /the options must be an object/],
    [
      'an age that comes before the next answer',
      { intervalMs: 10_000, timeoutMs: 1000, staleAfterMs: 10_000 },
      /staleAfterMs must be at least 12000, the time between two answers at most, got 10000\.$/,
    ],
  ]
  it.each(cases)('%s', (_what, options, message) => {
    expect(of(options)).toThrow(TypeError)
    expect(of(options)).toThrow(message)
  })

  it('no name, no function, no secret in the message', () => {
    const check = health.check as (...args: unknown[]) => void
    expect(() => check('', () => 1)).toThrow(/first argument must be a name/)
    expect(() => check(5, () => 1)).toThrow(/got 5\.$/)
    expect(() => check('database')).toThrow(
      /"database"\): the second argument must be a function, got undefined\.$/,
    )
    expect(() => check('database', 'token=hunter2hunter2')).toThrow(/REDACTED/)
  })
})
