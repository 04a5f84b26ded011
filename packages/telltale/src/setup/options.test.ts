import { describe, expect, it } from 'vitest'
import { checkOptions } from './options.js'

const sinkTakes =
  "{ file: 'path' }, { stream: 'stdout' or 'stderr' } or an object with a write(text, level) function, each with a level and a format if need be"
const recorderTakes =
  'true or false, or an object with size: a whole number of at least 1; maxRequestBytes: a whole number of at least 1; maxProcessBytes: a whole number of at least 1'
const floodTakes = 'false, or an object with perSecond: a number above 0; burst: a whole number of at least 1'
const sampleTakes =
  "shares from 0 to 1 by event name, with a * at its end if at all, { cache_hit: 0.01, 'poll_*': 0.1 }"
const stackTakes = 'false or one of debug, info, warning, error, critical'
const write = (): void => undefined

const levelTakes = 'one of debug, info, warning, error, critical'
const refused: [option: string, value: unknown, takes: string, got: string, named?: string][] = [
  ['sinks', 'stdout', `an array of sinks: ${sinkTakes}`, 'string "stdout"'],
  ['sinks', {}, `an array of sinks: ${sinkTakes}`, 'an object with nothing'],
  ['sinks', [null], sinkTakes, 'null', 'sinks[0]'],
  ['sinks', [{ write, level: 'info' }, { write: 'a' }], sinkTakes, 'an object with write', 'sinks[1]'],
  ['sinks', [{ file: '' }], 'a path', 'an empty string', 'sinks[0].file'],
  ['sinks', [{ stream: 'stdin' }], "'stdout' or 'stderr'", 'string "stdin"', 'sinks[0].stream'],
  ['sinks', [{ file: 'a', stream: 'stdout' }], sinkTakes, 'an object with file, stream', 'sinks[0]'],
  ['sinks', [{ write, level: 'loud' }], levelTakes, 'string "loud"', 'sinks[0].level'],
  ['sinks', [{ write, level: 'off' }], levelTakes, 'string "off"', 'sinks[0].level'],
  ['sinks', [{ write, format: 'xml' }], 'one of json, console, logfmt', 'string "xml"', 'sinks[0].format'],
  ['sinks', [{ write, flush: 5 }], 'a function', 'number 5', 'sinks[0].flush'],
  ['recorder', 64, recorderTakes, 'number 64'],
  ['recorder', null, recorderTakes, 'null'],
  ['recorder', [], recorderTakes, 'an array of nothing'],
  ['recorder', { size: 0 }, recorderTakes, 'an object with size'],
  ['recorder', { size: 1.5 }, recorderTakes, 'an object with size'],
  ['recorder', { maxRequestBytes: -1 }, recorderTakes, 'an object with maxRequestBytes'],
  ['recorder', { maxProcessBytes: Infinity }, recorderTakes, 'an object with maxProcessBytes'],
  ['recorder', { events: 5 }, recorderTakes, 'an object with events'],
  ['flood', true, floodTakes, 'boolean true'],
  ['flood', 100, floodTakes, 'number 100'],
  ['flood', {}, floodTakes, 'an object with nothing'],
  ['flood', { burst: 5 }, floodTakes, 'an object with burst'],
  ['flood', { perSecond: 0 }, floodTakes, 'an object with perSecond'],
  ['flood', { perSecond: NaN }, floodTakes, 'an object with perSecond'],
  ['flood', { perSecond: Infinity }, floodTakes, 'an object with perSecond'],
  ['flood', { perSecond: 1, burst: 0 }, floodTakes, 'an object with perSecond, burst'],
  ['flood', { perSecond: 1, rate: 1 }, floodTakes, 'an object with perSecond, rate'],
  ['sample', 0.5, sampleTakes, 'number 0.5'],
  ['sample', [0.5], sampleTakes, 'an array of number 0.5'],
  ['sample', { a: 1.01 }, sampleTakes, 'an object with a'],
  ['sample', { a: -0.01 }, sampleTakes, 'an object with a'],
  ['sample', { 'a*b': 0.1 }, sampleTakes, 'an object with a*b'],
  ['sample', { a: NaN }, sampleTakes, 'an object with a'],
  ['sample', { a: '1' }, sampleTakes, 'an object with a'],
  ['processors', write, 'an array of functions', 'a function'],
  ['processors', [write, 'x'], 'an array of functions', 'an array of a function'],
  ['callSite', 1, 'true or false', 'number 1'],
  ['stack', true, stackTakes, 'boolean true'],
  ['stack', 'off', stackTakes, 'string "off"'],
  ['stack', 'loud', stackTakes, 'string "loud"'],
  ['capture', true, 'an object with console, warnings', 'boolean true'],
  ['capture.console', 'yes', 'true or false', 'string "yes"'],
  ['capture.warnings', 0, 'true or false', 'number 0'],
  ['maxBlockMs', -1, 'a number of milliseconds from 0 to 2147483647', 'number -1'],
  ['maxBlockMs', 2 ** 31, 'a number of milliseconds from 0 to 2147483647', 'number 2147483648'],
  ['maxBlockMs', '20', 'a number of milliseconds from 0 to 2147483647', 'string "20"'],
  ['maxBufferBytes', 0, 'a whole number of at least 1', 'number 0'],
  ['maxBufferBytes', 1.5, 'a whole number of at least 1', 'number 1.5'],
  ['limits', 5, 'an object with depth, keys, items, string, line', 'number 5'],
  ['limits.depth', 0, 'a whole number from 1 to 32', 'number 0'],
  ['limits.depth', 33, 'a whole number from 1 to 32', 'number 33'],
  ['limits.keys', 10_001, 'a whole number from 1 to 10000', 'number 10001'],
  ['limits.items', 0, 'a whole number from 1 to 10000', 'number 0'],
  ['limits.string', 63, 'a whole number from 64 to 1048576', 'number 63'],
  ['limits.string', 1_048_577, 'a whole number from 64 to 1048576', 'number 1048577'],
  ['limits.line', 1023, 'a whole number from 1024 to 16777216', 'number 1023'],
  ['limits.line', NaN, 'a whole number from 1024 to 16777216', 'number NaN'],
]

/** The options that have `value` at the path, below `log`. */
function logOptions(path: string, value: unknown): object {
  return { log: path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) }
}

describe('an option of the log', () => {
  it.each(refused)('%s refuses %j, and says what it takes', (option, value, takes, got, named = option) => {
    const check = (): void => checkOptions(logOptions(option, value))
    expect(check).toThrow(TypeError)
    expect(check).toThrow(new TypeError(`setup(): log.${named} must be ${takes}, got ${got}.`))
  })

  it.each<[string, unknown]>([
    ['sinks', []],
    [
      'sinks',
      [{ write }, { file: 'a', level: 'warn', format: 'logfmt' }, { stream: 'stderr', format: 'console' }],
    ],
    ['recorder', true],
    ['recorder', false],
    ['recorder', {}],
    ['recorder', { size: 1, maxRequestBytes: 1, maxProcessBytes: Number.MAX_SAFE_INTEGER }],
    ['flood', false],
    ['flood', { perSecond: 0.001 }],
    ['flood', { perSecond: 1e6, burst: 1 }],
    ['sample', {}],
    ['sample', { a: 0, 'b_*': 1, '*': 0.5, 'request_*': 0 }],
    ['processors', []],
    ['processors', [write, async () => undefined]],
    ['callSite', true],
    ['stack', false],
    ['stack', 'fatal'],
    ['capture', {}],
    ['capture', { console: true, warnings: false }],
    ['maxBlockMs', 0],
    ['maxBlockMs', 2 ** 31 - 1],
    ['maxBufferBytes', 1],
    ['limits', {}],
    ['limits', { depth: 1, keys: 1, items: 1, string: 64, line: 1024 }],
    ['limits', { depth: 32, keys: 10_000, items: 10_000, string: 1_048_576, line: 16_777_216 }],
  ])('%s takes %j', (option, value) => {
    expect(() => checkOptions(logOptions(option, value))).not.toThrow()
  })

  it.each([...new Set(refused.map(([option]) => option))])(
    '%s may be undefined, as if it were not there',
    (option) => {
      expect(() => checkOptions(logOptions(option, undefined))).not.toThrow()
    },
  )

  it('sinks names an option that a file or a stream does not have', () => {
    expect(() => checkOptions(logOptions('sinks', [{ file: 'a', levle: 'error' }]))).toThrow(
      'setup(): log.sinks[0].levle is not an option; this sink takes file, level, format.',
    )
    // A sink of one's own may keep what it likes.
    expect(() => checkOptions(logOptions('sinks', [{ write, text: '' }]))).not.toThrow()
  })

  it.each(['request_coupon', 'checkout_flow_started'])('sample does not take the exempt %s', (name) => {
    expect(() => checkOptions(logOptions('sample', { cache_hit: 0.5, [name]: 0 }))).toThrow(
      `setup(): log.sample takes no ${name}: events named request_… and …_flow_… are always written; leave it out, or rename the event.`,
    )
  })

  it.each([
    ['limits.width', 'depth, keys, items, string, line'],
    ['capture.stdout', 'console, warnings'],
  ])('%s is none', (option, names) => {
    const at = option.split('.')[0]!
    expect(() => checkOptions(logOptions(option, 1))).toThrow(
      `setup(): log.${option} is not an option; log.${at} takes ${names}.`,
    )
  })

  it('is never told with the whole of a long text', () => {
    const token = `x${'hunter2'.repeat(50)}`
    expect(() => checkOptions(logOptions('stack', token))).toThrow(/got string "x[hunter2]{39}"\.$/)
  })
})
