import { expect, test } from 'vitest'
import { parseFlags } from '../start/flags.js'

test('without flags it runs until Ctrl-C, on a free port, with traffic', () => {
  expect(parseFlags([])).toEqual({
    seconds: undefined,
    seed: 1,
    port: 0,
    serviceOnly: false,
    json: false,
    help: false,
  })
})

test('every flag is read', () => {
  expect(parseFlags(['--seconds', '1.5', '--seed=9', '--port', '3000', '--service-only', '--json'])).toEqual({
    seconds: 1.5,
    seed: 9,
    port: 3000,
    serviceOnly: true,
    json: true,
    help: false,
  })
})

test.each([
  [['--seconds', 'soon'], '--seconds takes a number from 1 to 86400, got "soon".'],
  [['--seconds', '-3'], '--seconds takes a number from 1 to 86400, got "-3".'],
  [['--seconds', '--json'], /^[^\n]+ npm start -- --help lists the flags\.$/],
  [['--seconds', '0'], '--seconds takes a number from 1 to 86400, got "0".'],
  [['--seconds', '1e3'], '--seconds takes a number from 1 to 86400, got "1e3".'],
  [['--port', '70000'], '--port takes a whole number from 0 to 65535, got "70000".'],
  [['--seed', '-1'], '--seed'],
  [['--fast'], "Unknown option '--fast'. npm start -- --help lists the flags."],
  [['now'], 'now'],
  [['--seconds'], '--seconds'],
])('%j is an error that names it', (argv, message) => {
  expect(() => parseFlags(argv)).toThrow(message)
})
