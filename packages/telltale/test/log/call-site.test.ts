import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fastifyLogger } from '../../src/adapters/fastify-logger.js'
import { pinoLogger } from '../../src/adapters/pino.js'
import { flow, getLogger, type Logger, withContext } from '../../src/index.js'
import { callerStack, callSite } from '../../src/log/call-site.js'
import { eachAdapter } from '../support/adapters.js'
import { Capture, type Line } from '../support/capture.js'
import { ask } from '../support/client.js'

const log = getLogger('app')
const here = fileURLToPath(import.meta.url)
const source = readFileSync(here, 'utf8').split('\n')
const cjs = createRequire(import.meta.url)('../fixtures/call-sites.cjs') as { named: (log: Logger) => void }
const { stackTraceLimit, prepareStackTrace } = Error
let out: Capture | undefined

function start(options: object = { callSite: true }): Capture {
  return (out = new Capture({ log: { level: 'debug', ...options } }))
}

function site(line: Line): unknown[] {
  return [line['file'], line['line'], line['function']]
}

/** The line of this file that ends in `// mark`. */
function lineOf(mark: string): number {
  return source.findIndex((text) => text.endsWith(`// ${mark}`)) + 1
}

beforeEach(() => void (Error.stackTraceLimit = 10))
afterEach(async () => {
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  await out?.telltale.shutdown()
  out = undefined
})

describe('callSite', () => {
  it.each(['debug', 'info', 'warning', 'warn', 'error', 'critical', 'fatal'] as const)(
    'is where %s was called',
    (level) => {
      start()
      function handler(): void {
        log[level]('raised') // level
      }
      handler()
      expect(site(out!.one('raised'))).toEqual([here, lineOf('level'), 'handler'])
    },
  )

  it('is the same through every way to log', () => {
    start({ callSite: true, capture: { console: true } })
    function handler(): void {
      log.bind({ a: 1 }).info('by_bind') // by_bind
      log.exception('by_exception', new Error('x')) // by_exception
      log.skip('by_skip', { reason: 'r' }) // by_skip
      fastifyLogger('app').info('by_fastify') // by_fastify
      fastifyLogger('app').child({ a: 1 }).info({ b: 1 }, 'by_fastify_child') // by_fastify_child
      pinoLogger('app').info('by_pino') // by_pino
      pinoLogger('app').child({ a: 1 }).error({ b: 1 }, 'by_pino_child') // by_pino_child
      console.info('by console') // by_console
      withContext({ tenant: 't' }, () => log.info('by_context')) // by_context
    }
    handler()
    const marks = ['bind', 'exception', 'skip', 'fastify', 'fastify_child', 'pino', 'pino_child']
    const lines = [
      ...marks.map((mark) => out!.one(`by_${mark}`)),
      out!.lines.find(({ logger }) => logger === 'console')!,
    ]
    expect(lines.map(site)).toEqual(
      [...marks, 'console'].map((mark) => [here, lineOf(`by_${mark}`), 'handler']),
    )
    expect(site(out!.one('by_context')).slice(0, 2)).toEqual([here, lineOf('by_context')])
  })

  it('is in CommonJS, too', () => {
    start()
    cjs.named(log)
    expect(site(out!.one('from_cjs'))).toEqual([
      fileURLToPath(new URL('../fixtures/call-sites.cjs', import.meta.url)),
      3,
      expect.stringMatching(/^(exports\.|Object\.)?named$/),
    ])
  })

  it("is the caller's, not what called the caller: in a flow, a context, a callback and a class", async () => {
    start()
    class Payments {
      charge(): void {
        log.info('in_class') // in_class
      }
    }
    await flow('retake', async (f) => {
      log.info('in_flow') // in_flow
      await f.step('one', () => log.info('in_step')) // in_step
      log.info('after_wait') // after_wait
    })
    withContext({ a: 1 }, () => new Payments().charge())
    ;[1].forEach(() => log.info('in_callback')) // in_callback
    for (const event of ['in_class', 'in_flow', 'in_step', 'after_wait', 'in_callback'])
      expect(site(out!.one(event)).slice(0, 2)).toEqual([here, lineOf(event)])
    expect(out!.one('in_class')['function']).toBe('Payments.charge')
  })

  it('gives way to fields of these names, of the call, the logger and the context', () => {
    start()
    log.info('of_call', { file: 'report.pdf', line: 'first', function: 'sum' })
    log.bind({ file: 'report.pdf' }).info('of_logger')
    withContext({ line: 'first' }, () => log.info('of_context'))
    expect(site(out!.one('of_call'))).toEqual(['report.pdf', 'first', 'sum'])
    expect(out!.one('of_logger')).toMatchObject({ file: 'report.pdf', line: expect.any(Number) as number })
    expect(out!.one('of_context')).toMatchObject({ file: here, line: 'first' })
  })

  it('is there however many fields come with it, and not on what Telltale says', () => {
    start()
    log.info('raised', Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, n]))) // wide
    out!.telltale.setLevel('debug')
    expect(site(out!.one('raised')).slice(0, 2)).toEqual([here, lineOf('wide')])
    expect(out!.one('log_level_changed')).not.toHaveProperty('file')
  })

  it('off, leaves the line as it is', () => {
    start({})
    log.info('raised')
    expect(site(out!.one('raised'))).toEqual([undefined, undefined, undefined])
  })
})

eachAdapter((begin) => {
  it('is in the handler of a request', async () => {
    const { app, log: lines } = await begin(
      {
        act: () => {
          log.info('in_handler') // in_handler
        },
      },
      { log: { callSite: true } },
    )
    await ask(app.port, '/do')
    await lines.ended(1)
    expect(site(lines.one('in_handler')).slice(0, 2)).toEqual([here, lineOf('in_handler')])
  })
})

describe('stack', () => {
  it('is on events from its level on, without frames of the SDK in front', () => {
    start({ stack: 'warning' })
    function handler(): void {
      log.info('below')
      log.warning('at') // at
      log.error('above')
    }
    handler()
    expect(out!.one('below')).not.toHaveProperty('stack')
    const stack = String(out!.one('at')['stack']).split('\n')
    expect(stack[0]).toContain(`call-site.test.ts:${lineOf('at')}:`)
    expect(stack[0]).toMatch(/^\s+at handler \(/)
    expect(stack.length).toBeGreaterThan(1)
    expect(out!.one('above')).toHaveProperty('stack')
    expect(out!.one('at')).not.toHaveProperty('file')
  })

  it('gives way to a field of its name', () => {
    start({ stack: 'debug' })
    log.info('raised', { stack: 'of cards' })
    expect(out!.one('raised')['stack']).toBe('of cards')
  })
})

describe('Error', () => {
  it.each([0, 3, 10, 100, Infinity])('keeps its stackTraceLimit of %d, and the site is found', (limit) => {
    start({ callSite: true, stack: 'debug' })
    Error.stackTraceLimit = limit
    log.info('raised') // limited
    expect(Error.stackTraceLimit).toBe(limit)
    Error.stackTraceLimit = 10
    expect(site(out!.one('raised')).slice(0, 2)).toEqual([here, lineOf('limited')])
  })

  const hostile: Record<string, typeof Error.prepareStackTrace> = {
    throws: () => {
      throw new Error('of the app')
    },
    'throws nothing at all': () => {
      throw undefined
    },
    'returns the frames': (_error, frames) => frames,
    'returns nothing': () => undefined,
    'returns what throws': () => ({
      toString: () => {
        throw new Error('of the app')
      },
    }),
  }
  it.each(Object.entries(hostile))('may have a prepareStackTrace that %s', (_name, prepare) => {
    start({ callSite: true, stack: 'debug' })
    Error.stackTraceLimit = 7
    Error.prepareStackTrace = prepare
    expect(() => log.info('raised', { n: 1 })).not.toThrow()
    expect(Error.stackTraceLimit).toBe(7)
    expect(Error.prepareStackTrace).toBe(prepare)
    Error.prepareStackTrace = prepareStackTrace
    expect(out!.one('raised')).toMatchObject({ n: 1 })
    // By the line that runs: nobody maps it to the source now.
    expect(out!.one('raised')).toMatchObject({ file: here, line: expect.any(Number) as number })
    expect(out!.one('raised')['stack']).toMatch(/^\s+at .*call-site\.test\.ts/)
  })

  it('may be frozen in what it limits', () => {
    start()
    Object.defineProperty(Error, 'stackTraceLimit', { value: 5, writable: false, configurable: true })
    try {
      expect(() => log.info('raised', { n: 1 })).not.toThrow()
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: true, configurable: true })
    }
    expect(out!.one('raised')).toMatchObject({ n: 1 })
  })
})

describe('a frame', () => {
  it.each([
    [
      '    at handler (/srv/app/src/pay.ts:41:11)',
      { file: '/srv/app/src/pay.ts', line: 41, function: 'handler' },
    ],
    ['    at file:///srv/app/src/pay.ts:41:11', { file: '/srv/app/src/pay.ts', line: 41 }],
    [
      '    at async charge (file:///srv/a%20b/pay.ts:1:2)',
      { file: '/srv/a b/pay.ts', line: 1, function: 'charge' },
    ],
    ['    at async file:///srv/pay.ts:1:2', { file: '/srv/pay.ts', line: 1 }],
    ['    at new Pay (/srv/pay (old).ts:1:2)', { file: '/srv/pay (old).ts', line: 1, function: 'new Pay' }],
    [
      '    at Object.<anonymous> (C:\\srv\\pay.ts:7:2)',
      { file: 'C:\\srv\\pay.ts', line: 7, function: 'Object.<anonymous>' },
    ],
    [
      '    at Pay.charge [as run] (webpack://app/./pay.ts:7:2)',
      { file: 'webpack://app/./pay.ts', line: 7, function: 'Pay.charge [as run]' },
    ],
    ['    at file://%zz/pay.ts:1:2', { file: 'file://%zz/pay.ts', line: 1 }],
    ['    at Array.forEach (<anonymous>)', undefined],
    ['', undefined],
  ])('%j', (frame, expected) => {
    expect(callSite(`${frame}\n    at other (/x.ts:1:1)`)).toEqual(expected)
  })

  it('of this file is the first that a caller has', () => {
    expect(callSite(callerStack())).toMatchObject({ file: here })
  })
})
