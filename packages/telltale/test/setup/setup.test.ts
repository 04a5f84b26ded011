import { afterEach, describe, expect, test } from 'vitest'
import { getLogger, setup, type SetupOptions, type Telltale } from '../../src/index.js'

const kept: { text: string } = { text: '' }
const sinks = [{ write: (text: string) => void (kept.text += text) }]
const base: SetupOptions = { environment: 'test', log: { sinks }, lifecycle: { signals: false } }
let running: Telltale | undefined

function begin(options: SetupOptions = {}): Telltale {
  running = setup({ ...base, ...options })
  return running
}

/** The parsed last line of an event raised now. */
function raised(): Record<string, unknown> {
  getLogger('app').info('raised')
  const last = kept.text.trimEnd().split('\n').at(-1)
  return JSON.parse(last!) as Record<string, unknown>
}

afterEach(async () => {
  await running?.shutdown()
  running = undefined
  kept.text = ''
})

describe('a second setup()', () => {
  test('with equal options is the first', () => {
    const first = begin({ service: 'one', redact: { patterns: [/a+/g], keys: ['x'] } })
    expect(setup({ ...base, service: 'one', redact: { patterns: [/a+/g], keys: ['x'] } })).toBe(first)
  })

  test('with others names both places and what differs', () => {
    begin({ service: 'one', redact: { keys: ['x'] } })
    const again = (): unknown => setup({ ...base, service: 'two', redact: { keys: ['x', 'y'], pii: true } })
    expect(again).toThrow(/options that differ in service, redact\.keys, redact\.pii:/)
    expect(again).toThrow(/first at .*setup\.test\.ts:\d+:\d+\)?\n.*then at {2}.*setup\.test\.ts:\d+/)
    expect(raised()['service']).toBe('one')
  })

  test('after shutdown() starts anew', async () => {
    const first = begin({ service: 'one' })
    await first.shutdown()
    const second = begin({ service: 'two' })
    expect(second).not.toBe(first)
    expect(raised()['service']).toBe('two')
  })

  test('shutdown() may be called twice, also at the same time', async () => {
    const first = begin()
    await Promise.all([first.shutdown(), first.shutdown()])
    await first.shutdown()
    expect(kept.text.match(/shutdown_completed/g)!.length).toBeGreaterThan(0)
  })
})

describe('a bad option is one clear error', () => {
  const cases: [unknown, string][] = [
    [
      5,
      'setup(): options must be an object with service, version, environment, instance, log, redact, errors, requests, metrics, lifecycle, admin, otlp, sentry, got number 5.',
    ],
    [[], 'got an array of nothing.'],
    [{ servce: 'x' }, 'setup(): servce is not an option; there are service, version'],
    [{ service: '' }, 'setup(): service must be a string that is not empty, got an empty string.'],
    [{ version: 1 }, 'setup(): version must be a string that is not empty, got number 1.'],
    [
      { log: 'debug' },
      'setup(): log must be an object with level, format, keys, sinks, recorder, flood, sample, processors, callSite, stack, capture, maxBlockMs, maxBufferBytes, limits, got string "debug".',
    ],
    [
      { log: { level: 'loud' } },
      'setup(): log.level can\'t be read: "loud" (accepted: debug, info, warning, error, critical, off',
    ],
    [
      { log: { format: 'xml' } },
      "setup(): log.format must be 'json', 'console' or 'logfmt', got string \"xml\".",
    ],
    [
      { log: { keys: { event: 'level' } } },
      'setup(): log.keys must be an object that renames any of timestamp, level',
    ],
    [{ log: { keys: { message: 'msg' } } }, 'setup(): log.keys must be'],
    [
      { log: { sinks: [{}] } },
      "setup(): log.sinks[0] must be { file: 'path' }, { stream: 'stdout' or 'stderr' } or an object with a write(text, level) function",
    ],
    [
      { log: { levels: 'x' } },
      'setup(): log.levels is not an option; log takes level, format, keys, sinks, recorder, flood, sample, processors, callSite, stack, capture, maxBlockMs, maxBufferBytes, limits.',
    ],
    [{ redact: { allow: 5 } }, 'setup(): redact.allow must be an array of strings, got number 5.'],
    [
      { redact: { patterns: ['x'] } },
      'setup(): redact.patterns must be an array of regular expressions, got string x at index 0.',
    ],
    [{ redact: { pii: 'yes' } }, 'setup(): redact.pii must be true or false, got string yes.'],
    [
      { errors: { fields: [1] } },
      'setup(): errors.fields must be an array of strings, got an array of number 1.',
    ],
    [
      { requests: { trust: 'some' } },
      "setup(): requests.trust must be 'all', 'none' or a function of the request, got string \"some\".",
    ],
    [
      { requests: { quiet: ['live'] } },
      'setup(): requests.quiet must be an array of paths that begin with /',
    ],
    [
      { metrics: { maxSeries: 0 } },
      'setup(): metrics.maxSeries must be a whole number of at least 1, got number 0.',
    ],
    [{ metrics: { process: 1 } }, 'setup(): metrics.process must be true or false, got number 1.'],
    [
      { lifecycle: { drainDelayMs: -1 } },
      'setup(): lifecycle.drainDelayMs must be a number of milliseconds from 0 to 2147483647, got number -1.',
    ],
    [{ lifecycle: { drainTimeoutMs: Infinity } }, 'got number Infinity.'],
    [{ lifecycle: null }, 'setup(): lifecycle must be an object with signals'],
  ]
  test.each(cases)('%j', (options, message) => {
    expect(() => setup(options as SetupOptions)).toThrow(message)
    expect(() => setup(options as SetupOptions)).toThrow(TypeError)
    // Nothing took effect: the next call is the first.
    begin({ service: 'after' })
    expect(raised()['service']).toBe('after')
  })
})

describe('identity', () => {
  const names = [
    'SERVICE_NAME',
    'OTEL_SERVICE_NAME',
    'SERVICE_VERSION',
    'ENVIRONMENT',
    'SENTRY_ENVIRONMENT',
    'NODE_ENV',
    'HOSTNAME',
    'OTEL_RESOURCE_ATTRIBUTES',
  ]
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]))
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  test.each([
    [{ SERVICE_NAME: 'a', OTEL_SERVICE_NAME: 'b' }, {}, { service: 'a' }],
    [{ OTEL_SERVICE_NAME: 'b' }, {}, { service: 'b' }],
    [{ SERVICE_NAME: ' ', OTEL_SERVICE_NAME: 'b' }, {}, { service: 'b' }],
    [{ SERVICE_NAME: 'a' }, { service: 'option' }, { service: 'option' }],
    [{ SERVICE_NAME: 'a', SERVICE_VERSION: '1.2' }, {}, { service: 'a', version: '1.2' }],
    [{ SERVICE_VERSION: '1.2' }, { version: '3' }, { version: '3' }],
    [{ ENVIRONMENT: 'e', SENTRY_ENVIRONMENT: 's', NODE_ENV: 'n' }, {}, { environment: 'e' }],
    [{ SENTRY_ENVIRONMENT: 's', NODE_ENV: 'n' }, {}, { environment: 's' }],
    [{ NODE_ENV: 'n' }, {}, { environment: 'n' }],
    [{}, {}, { environment: 'development' }],
    [{ HOSTNAME: 'pod-7' }, {}, { instance: 'pod-7' }],
    [{ HOSTNAME: 'pod-7' }, { instance: 'i-1' }, { instance: 'i-1' }],
    [
      {
        OTEL_RESOURCE_ATTRIBUTES:
          'service.name=r,service.version=2,deployment.environment.name=d,service.instance.id=i',
        NODE_ENV: 'n',
        HOSTNAME: 'pod-7',
      },
      {},
      { service: 'r', version: '2', environment: 'd', instance: 'i' },
    ],
    [{ OTEL_SERVICE_NAME: 'b', OTEL_RESOURCE_ATTRIBUTES: 'service.name=r' }, {}, { service: 'b' }],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'no pairs', HOSTNAME: 'pod-7' }, {}, { instance: 'pod-7' }],
  ])('%j with %j gives %j', (env, options, expected) => {
    for (const name of names) delete process.env[name]
    Object.assign(process.env, env)
    const { environment: _environment, ...rest } = base
    running = setup({ ...rest, ...options })
    expect(raised()).toMatchObject(expected)
  })

  test('in development one line says what is on; elsewhere none', async () => {
    begin({ environment: 'development' })
    expect(kept.text).toContain('"event":"telltale_started"')
    await running!.shutdown()
    kept.text = ''
    begin({ environment: 'production' })
    expect(kept.text).toBe('')
  })
})

test('log.keys renames the keys of the line and keeps their order', () => {
  begin({ log: { sinks, keys: { timestamp: 'time', level: 'severity', event: 'message' } } })
  getLogger('app').info('raised', { severity: 'mine', level: 'free' })
  const line = JSON.parse(kept.text) as Record<string, unknown>
  expect(Object.keys(line).slice(0, 4)).toEqual(['time', 'severity', 'logger', 'message'])
  expect(line).toMatchObject({ severity: 'info', severity_: 'mine', level: 'free', message: 'raised' })
})
