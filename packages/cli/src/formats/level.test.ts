import { expect, test } from 'vitest'
import { levelOf, levelOfSeverity, readLevel } from './level.js'

test.each([
  ['WARN', 'warning'],
  [' Warning', 'warning'],
  ['fatal', 'critical'],
  ['emerg', 'critical'],
  ['trace', 'debug'],
  ['silly', 'debug'],
  ['Information', 'info'],
  ['notice', 'info'],
  ['SEVERITY_NUMBER_ERROR2', 'error'],
  ['40', 'warning'],
  [10, 'debug'],
  [35, 'info'],
  [60, 'critical'],
  ['audit', 'audit'],
])('%s is %s', (given, wanted) => expect(readLevel(given)).toBe(wanted))

test('a word of an object is no level', () => {
  expect(levelOf('constructor')).toBeUndefined()
})

test("OpenTelemetry's severities are ranges of four", () => {
  const all = Array.from({ length: 26 }, (_none, number) => levelOfSeverity(number))
  expect(all[0]).toBeUndefined()
  expect([all[1], all[8], all[9], all[12], all[13], all[17], all[21], all[24]]).toEqual([
    'debug',
    'debug',
    'info',
    'info',
    'warning',
    'error',
    'critical',
    'critical',
  ])
  expect(all[25]).toBeUndefined()
})
