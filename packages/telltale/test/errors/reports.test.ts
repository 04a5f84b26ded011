import vm from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import {
  addErrorExit,
  type ErrorExit,
  type ErrorReport,
  flow,
  getLogger,
  type SetupOptions,
  withContext,
} from '../../src/index.js'
import { eachAdapter } from '../support/adapters.js'
import { Capture } from '../support/capture.js'
import { ask } from '../support/client.js'
import { metric } from '../support/scrape.js'
import { until } from '../support/until.js'

const log = getLogger('payments')
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function begin(options?: SetupOptions): Capture {
  const capture = new Capture(options)
  ends.push(() => capture.telltale.shutdown())
  return capture
}

function reporting(exit: Partial<ErrorExit> = {}): ErrorReport[] {
  const reports: ErrorReport[] = []
  ends.unshift(addErrorExit({ report: (report) => void reports.push(report), ...exit }))
  return reports
}

describe('a report', () => {
  test('says what the line says, and more', () => {
    const capture = begin({ version: '1.2.3', log: { keys: { event: 'message', level: 'severity' } } })
    const reports = reporting()
    const error = Object.assign(new RangeError('too far', { cause: new Error('wall') }), {
      code: 'E_FAR',
      detail: 'x',
    })
    withContext({ tenant_id: 't1' }, () =>
      log.bind({ area: 'math' }).exception('charge_failed', error, { amount: 5 }),
    )
    const line = capture.lines.find((each) => each['message'] === 'charge_failed')
    expect(reports).toHaveLength(1)
    const [report] = reports
    expect(report).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      time: expect.any(Number) as number,
      level: 'error',
      logger: 'payments',
      event: 'charge_failed',
      handled: true,
      service: 'whole',
      version: '1.2.3',
      environment: 'test',
      instance: line!['instance'],
      error: {
        type: 'RangeError',
        message: 'too far',
        code: 'E_FAR',
        stack: expect.stringContaining('RangeError: too far\n') as string,
        frames: expect.any(Array) as [],
        cause: {
          type: 'Error',
          message: 'wall',
          stack: expect.any(String) as string,
          frames: expect.any(Array) as [],
        },
      },
      fingerprint: line!['error_fingerprint'],
      fields: { tenant_id: 't1', area: 'math', amount: 5 },
      recent: [],
    })
    expect(report!.error.frames[0]).toMatchObject({
      file: expect.stringMatching(/reports\.test\.ts$/) as string,
      inApp: true,
    })
    expect(Math.abs(report!.time - Date.parse(String(line!['timestamp'])))).toBeLessThan(1000)
  })

  test('has passed the policy in every part', () => {
    const canary = 'hunter2-canary'
    begin({ errors: { fields: ['note'], sourceLines: 3 }, redact: { keys: ['pupil'] } })
    const reports = reporting()
    const cause = Object.assign(new Error(`token=${canary}`), { note: `password: ${canary}` })
    const error = Object.assign(new AggregateError([cause], `secret=${canary}`, { cause }), {
      config: { headers: canary },
    })
    error.stack = `AggregateError: secret=${canary}\n    at f (https://user:${canary}@host/x.js:1:2)`
    withContext({ password: canary, url: `https://x/?access_token=${canary}` }, () => {
      log
        .bind({ api_key: canary })
        .exception('charge_failed', error, { pupil: canary, nested: { cookie: canary } })
    })
    expect(reports).toHaveLength(1)
    expect(JSON.stringify(reports)).not.toContain(canary)
    expect(reports[0]!.error.cause).toMatchObject({ type: 'Error', note: 'password: [REDACTED]' })
  })

  test('keeps the place of a call in a file whose name sounds secret', () => {
    begin()
    const reports = reporting()
    const error = new Error('x')
    error.stack = 'Error: x\n    at load (/app/token.ts:12:3)'
    log.exception('failed', error)
    expect(reports[0]!.error.frames).toEqual([
      { function: 'load', file: '/app/token.ts', line: 12, column: 3, inApp: true },
    ])
  })

  test('is made of what a processor leaves; what it drops is not reported', () => {
    begin({
      log: {
        processors: [
          (entry) => {
            delete entry.fields['name']
            if (entry.event === 'without') delete entry.fields['error']
            return entry.event !== 'noise'
          },
        ],
      },
    })
    const reports = reporting()
    log.exception('charge_failed', new Error('a'), { name: 'Ada', n: 1 })
    log.exception('without', new Error('b'))
    log.exception('noise', new Error('c'))
    expect(reports).toMatchObject([{ fields: { n: 1 } }, { event: 'without', error: { message: 'b' } }])
    expect(reports[0]!.fields).not.toHaveProperty('name')
  })

  test("does not depend on the log's levels", () => {
    begin({ log: { level: 'off' } })
    const reports = reporting()
    log.exception('charge_failed', new Error('a'))
    expect(reports).toMatchObject([{ event: 'charge_failed', service: 'whole' }])
  })
})

describe('once', () => {
  test('one object is one report; writing it in full is none', () => {
    const capture = begin()
    const reports = reporting()
    const error = new Error('a')
    log.error('seen', { error })
    expect(reports).toEqual([])
    log.exception('first', error)
    log.exception('again', error)
    expect(reports.map(({ event }) => event)).toEqual(['first'])
    expect(reports[0]!.error.stack).toContain('Error: a\n')
    expect(capture.lines.filter((line) => 'stack' in ((line['error'] ?? {}) as object))).toHaveLength(1)
  })

  test('what a report holds as a cause needs none of its own; a wrapper of what was reported does', () => {
    begin()
    const reports = reporting()
    const cause = new Error('cause')
    const wrapper = new Error('wrapper', { cause })
    log.exception('wrapper', wrapper)
    log.exception('cause', cause)
    log.exception('second_wrapper', new Error('other', { cause }))
    expect(reports.map(({ event }) => event)).toEqual(['wrapper', 'second_wrapper'])
    expect(reports[1]!.error.cause).toMatchObject({ message: 'cause', frames: expect.any(Array) as [] })
  })

  test('what is no object is once a flow', async () => {
    begin()
    const reports = reporting()
    const fail = (): Promise<unknown> =>
      flow('pay', (f) => f.step('charge', () => Promise.reject('a text' as unknown as Error))).catch(() => 0)
    await fail()
    await fail()
    expect(reports.map(({ event }) => event)).toEqual(['pay_flow_step_failed', 'pay_flow_step_failed'])
  })

  test('what is no object is once for all the flows that it fails', async () => {
    begin()
    const reports = reporting()
    const fail = (): Promise<unknown> =>
      flow('outer', (o) =>
        o.step('call', () =>
          flow('inner', (f) => f.step('charge', () => Promise.reject('a text' as unknown as Error))),
        ),
      )
    await expect(fail()).rejects.toBe('a text')
    expect(reports.map(({ event }) => event)).toEqual(['inner_flow_step_failed'])
  })

  test('a step is reported when it gives up, a flow for what its steps did not throw', async () => {
    begin()
    const reports = reporting()
    let tries = 0
    await flow('pay', (f) =>
      f.step('charge', () => (++tries < 3 ? Promise.reject(new Error('not yet')) : 'ok'), {
        attempts: 3,
      }),
    )
    expect(reports).toEqual([])
    await expect(flow('pay', () => Promise.reject(new Error('own')))).rejects.toThrow('own')
    await expect(flow('pay', () => Promise.reject(undefined as unknown as Error))).rejects.toBeUndefined()
    expect(reports).toMatchObject([
      { event: 'pay_flow_failed', error: { message: 'own' }, level: 'error' },
      { event: 'pay_flow_failed', error: { type: 'Undefined', message: 'undefined', frames: [] } },
    ])
  })
})

describe('whatever is thrown', () => {
  let deep = new Error('bottom')
  for (let level = 0; level < 1000; level++) deep = new Error(`level ${level}`, { cause: deep })
  const cyclic = new Error('a')
  cyclic.cause = new AggregateError([cyclic, cyclic], 'b', { cause: cyclic })
  const throws = {
    get: (): never => {
      throw new Error('no')
    },
  }
  // The stack first: making one reads the message.
  const getters = Object.defineProperties(new Error('x'), {
    stack: throws,
    message: throws,
    cause: throws,
    code: throws,
  })
  const hostileList = Object.assign(new Error('x'), {
    errors: new Proxy([], throws),
  })
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const wide = (depth: number): Error =>
    depth === 0
      ? new Error('leaf')
      : new AggregateError(
          Array.from({ length: 10 }, () => wide(depth - 1)),
          'wide',
        )

  test.each<[string, () => unknown, object]>([
    ['1,000 causes', () => deep, { type: 'Error', message: 'level 999' }],
    ['a cycle', () => cyclic, { message: 'a', cause: { message: 'b' } }],
    ['a tree', () => wide(3), { message: 'wide' }],
    ['throwing getters', () => getters, { type: 'Error' }],
    ['a list that throws', () => hostileList, { message: 'x' }],
    ['a frozen error', () => Object.freeze(new Error('cold')), { message: 'cold' }],
    ['a revoked proxy', () => proxy, {}],
    [
      'another realm',
      () => vm.runInNewContext('new TypeError("far")'),
      { type: 'TypeError', message: 'far' },
    ],
    ['an object', () => ({ message: 'like', code: 'E' }), { type: 'Object', message: 'like', code: 'E' }],
    ['a text', () => 'text', { type: 'String', message: 'text' }],
    ['null', () => null, { type: 'Null' }],
    ['a symbol', () => Symbol('s'), { type: 'Symbol' }],
    ['a function', () => () => 1, { type: 'Function' }],
  ])('%s', (_what, thrown, error) => {
    const capture = begin()
    const reports = reporting()
    log.exception('failed', thrown())
    expect(reports).toMatchObject([{ event: 'failed', error }])
    expect(Array.isArray(reports[0]!.error.frames)).toBe(true)
    expect(capture.one('failed')['error']).toMatchObject(error)
    expect(JSON.stringify(reports).length).toBeLessThan(400_000)
  })

  test('a message of 1 MB leaves the calls in their place', () => {
    begin()
    const reports = reporting()
    log.exception('failed', new Error(`long ${'x'.repeat(1_000_000)}`))
    expect(reports[0]!.error.frames[0]!.file).toMatch(/reports\.test\.ts$/)
    expect(reports[0]!.error.stack).toMatch(/^Error: …\n {4}at /)
    expect(JSON.stringify(reports[0]).length).toBeLessThan(50_000)
  })
})

describe('an exit', () => {
  test('that fails is counted, and the others have the report', async () => {
    begin()
    reporting({
      report: () => {
        throw new Error('broken')
      },
    })
    reporting({ report: () => Promise.reject(new Error('broken')) })
    reporting({
      wants: () => {
        throw new Error('broken')
      },
    })
    const reports = reporting()
    const lost = (): number => metric('telltale_dropped_total', { signal: 'error', reason: 'exit' })
    const before = lost()
    expect(() => log.exception('failed', new Error('a'))).not.toThrow()
    await until('all are counted', () => lost() === before + 3)
    expect(reports).toHaveLength(1)
  })

  test('that logs a failure of its own each time does not report that', () => {
    const capture = begin()
    const events: string[] = []
    reporting({
      report: ({ event }) => {
        events.push(event)
        log.exception('exit_failed', new Error('of the exit'))
        log.exception('exit_failed_again', new Error('of the exit'))
      },
    })
    log.exception('failed', new Error('a'))
    expect(events).toEqual(['failed'])
    expect(capture.events('exit_failed')).toHaveLength(1)
    expect(capture.events('exit_failed_again')).toHaveLength(1)
  })

  test('may refuse a fingerprint before the report is made', () => {
    begin()
    const asked: string[] = []
    const refused = reporting({ wants: (fingerprint) => asked.push(fingerprint) < 0 })
    const reports = reporting()
    log.exception('failed', new Error('a'))
    expect(refused).toEqual([])
    expect(asked).toEqual([reports[0]!.fingerprint])
  })

  test('that is taken out has no more, and one that is none is refused', () => {
    begin()
    const reports: ErrorReport[] = []
    addErrorExit({ report: (report) => void reports.push(report) })()
    log.exception('failed', new Error('a'))
    expect(reports).toEqual([])
    expect(() => addErrorExit({} as ErrorExit)).toThrow(
      /addErrorExit\(\): the exit must be .*report\(report\)/,
    )
    expect(() => addErrorExit(undefined as unknown as ErrorExit)).toThrow(TypeError)
  })

  test('is flushed by a shutdown', async () => {
    const capture = begin()
    let isFlushed = false
    reporting({
      flush: async () => {
        await null
        isFlushed = true
        throw new Error('broken')
      },
    })
    await capture.telltale.shutdown()
    expect(isFlushed).toBe(true)
  })
})

eachAdapter((start) => {
  test('a request that fails is one report with its route, ids and recent events', async () => {
    const reports = reporting()
    const { app, log: capture } = await start()
    await ask(app.port, '/throw?token=canary', {
      headers: { authorization: 'Bearer canary', cookie: 'sid=canary' },
    })
    await capture.ended(1)
    const line = capture.one('request_failed')
    expect(reports).toMatchObject([
      {
        event: 'request_failed',
        logger: 'http',
        route: '/throw',
        requestId: line['request_id'],
        traceId: line['trace_id'],
        spanId: line['span_id'],
        fingerprint: line['error_fingerprint'],
        error: { type: 'PaymentError', code: 'GATEWAY_TIMEOUT', cause: { type: 'TypeError' } },
        fields: { method: 'GET', path: '/throw', status: 500 },
      },
    ])
    expect(reports[0]!.recent.map((each) => each['event'])).not.toContain('request_failed')
    expect(JSON.stringify(reports)).not.toMatch(/canary|hunter2/)
  })

  test('what was reported inside is not reported again, and recent events come with it', async () => {
    const reports = reporting()
    const { app, log: capture } = await start({
      act: () => {
        getLogger('app').debug('rows_read', { rows: 3, password: 'canary' })
        const error = new Error('inside')
        log.exception('charge_failed', error)
        throw error
      },
    })
    await ask(app.port, '/do')
    await capture.ended(1)
    expect(reports).toMatchObject([
      {
        event: 'charge_failed',
        recent: [{ event: 'rows_read', rows: 3, password: '[REDACTED]', recorded: true }],
      },
    ])
    expect(capture.one('request_failed')).toMatchObject({ error_seen: true })
  })

  test("what succeeds, or is the client's fault, is none", async () => {
    const reports = reporting()
    const { app, log: capture } = await start({ act: () => 404 })
    await ask(app.port, '/do')
    await capture.ended(1)
    expect(reports).toEqual([])
  })
})
