import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindContext, flow, getLogger, setRoute } from '../../src/index.js'
import { flushSentry } from '../../src/sentry/index.js'
import type { Capture } from '../support/capture.js'
import { hostile } from '../support/hostile.js'
import type { Json } from './envelope.js'
import { Ingest } from './ingest.js'
import { reporting, request } from './running.js'

let ingest: Ingest
let app: Capture
const log = getLogger('payments')

beforeEach(async () => {
  ingest = await new Ingest().open()
  app = reporting(ingest)
})
afterEach(async () => {
  await app.telltale.shutdown()
  await ingest.close()
})

async function sent(act: () => unknown): Promise<Json> {
  await act()
  await flushSentry()
  return ingest.event
}

function charge(): never {
  throw new RangeError('beyond the limit')
}

describe('a failure in a request', () => {
  const path = '/things/7?token=abc'
  async function failed(): Promise<Json> {
    return sent(() =>
      request(
        (_req, res) => {
          setRoute('/things/:id')
          bindContext({ user_id: 'u_18', tenant: 'north' })
          log.debug('limit_read', { limit: 5 })
          log.warning('limit_near', { current: 4 })
          try {
            charge()
          } catch (error) {
            log.exception('payment_failed', error, { amount: 4200 })
          }
          res.writeHead(502).end()
        },
        path,
        { headers: { 'x-request-id': 'request-0001', cookie: 'sid=1' } },
      ),
    )
  }

  it('has the ids, the route and the names as tags', async () => {
    const { tags, contexts } = await failed()
    const line = app.one('payment_failed')
    expect(tags).toMatchObject({
      request_id: 'request-0001',
      trace_id: line['trace_id'],
      route: '/things/:id',
      logger: 'payments',
      event: 'payment_failed',
    })
    expect(contexts.trace).toEqual({ trace_id: line['trace_id'], span_id: line['span_id'] })
  })

  it('says who, where and of what', async () => {
    const event = await failed()
    expect(event).toMatchObject({
      level: 'error',
      logger: 'payments',
      release: 'whole@1.4.0',
      environment: 'test',
      server_name: 'host-1',
      transaction: 'GET /things/:id',
      user: { id: 'u_18' },
      contexts: { fields: { amount: 4200, tenant: 'north' }, runtime: { version: process.version } },
      sdk: { name: 'telltale' },
    })
    expect(event['fingerprint']).toEqual([app.one('payment_failed')['error_fingerprint']])
    expect(event['timestamp']).toBeCloseTo(
      Date.parse(String(app.one('payment_failed')['timestamp'])) / 1000,
      0,
    )
  })

  it('has the request without query, headers, cookies and body', async () => {
    expect((await failed())['request']).toEqual({ method: 'GET', url: '/things/7' })
  })

  it('has no query where the service gives its path itself, either', async () => {
    const { request: given } = await sent(() =>
      log.exception('failed', new Error('refused'), { method: 'GET', path: '/reset?code=S3cretC4nary#x' }),
    )
    expect(given).toEqual({ method: 'GET', url: '/reset' })
  })

  it('has what the request said before as breadcrumbs, what was not written too', async () => {
    const { breadcrumbs } = await failed()
    expect(breadcrumbs.values).toMatchObject([
      { category: 'payments', message: 'limit_read', level: 'debug', data: { limit: 5 } },
      { category: 'payments', message: 'limit_near', level: 'warning', data: { current: 4 } },
    ])
  })

  it('is one event, whoever else sees the error', async () => {
    const event = await sent(() =>
      request(async () => {
        await flow('retake', {}, async (f) => {
          await f.step('load', charge, { attempts: 2 })
        })
      }),
    )
    expect(event['tags']).toMatchObject({ flow_id: expect.stringMatching(/^retake/) })
    expect(app.events('request_failed')).toHaveLength(1)
  })
})

describe('the exception', () => {
  const values = async (error: unknown): Promise<Json[]> =>
    (await sent(() => log.exception('failed', error)))['exception'].values

  it('has the oldest call first, own code told apart', async () => {
    let error: unknown
    try {
      JSON.parse('[1,', charge)
    } catch (problem) {
      error = problem
    }
    try {
      charge()
    } catch (problem) {
      error = problem
    }
    const [{ type, value, mechanism, stacktrace }] = (await values(error)) as [Json]
    expect({ type, value, mechanism }).toMatchObject({
      type: 'RangeError',
      value: 'beyond the limit',
      mechanism: { type: 'generic', handled: true, exception_id: 0 },
    })
    const frames: Json[] = stacktrace.frames
    expect(frames.at(-1)).toMatchObject({ function: 'charge', in_app: true, lineno: expect.any(Number) })
    expect(frames.at(-1)!['abs_path']).toMatch(/event\.test\.ts$/)
    expect(frames[0]!['in_app']).toBe(false)
  })

  it('has its causes, the oldest first', async () => {
    const cause = new TypeError('second', { cause: new SyntaxError('first') })
    const all = await values(new Error('third', { cause }))
    expect(all.map(({ type, value }) => [type, value])).toEqual([
      ['SyntaxError', 'first'],
      ['TypeError', 'second'],
      ['Error', 'third'],
    ])
    expect(
      all.map(({ mechanism }) => [mechanism.exception_id, mechanism.parent_id, mechanism.source]),
    ).toEqual([
      [2, 1, 'cause'],
      [1, 0, 'cause'],
      [0, undefined, undefined],
    ])
  })

  it('has the errors of an AggregateError as a group', async () => {
    const inner = [new TypeError('one', { cause: new Error('behind one') }), new RangeError('two')]
    const all = await values(new AggregateError(inner, 'none answered'))
    expect(all.map(({ value, mechanism }) => [value, mechanism.parent_id, mechanism.source])).toEqual([
      ['two', 0, 'errors[1]'],
      ['behind one', 1, 'cause'],
      ['one', 0, 'errors[0]'],
      ['none answered', undefined, undefined],
    ])
    expect(all.at(-1)!['mechanism'].is_exception_group).toBe(true)
  })

  it('has the code of an error', async () => {
    const [{ mechanism }] = (await values(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))) as [
      Json,
    ]
    expect(mechanism.data).toEqual({ code: 'ECONNREFUSED' })
  })

  it.each<[what: string, error: unknown, type: string, value: RegExp]>([
    ['a string', 'refused', 'String', /^refused$/],
    ['undefined', undefined, 'Undefined', /^undefined$/],
    ['an object', { status: 5 }, 'Object', /status/],
    ['a frozen error', Object.freeze(new Error('frozen')), 'Error', /^frozen$/],
    ['an error of another realm', runInNewContext("new TypeError('elsewhere')"), 'TypeError', /^elsewhere$/],
    ['half a pair of code units', new Error('a\ud83db'), 'Error', /^a\ufffdb$/],
    ['a megabyte of message', new Error('x'.repeat(1e6)), 'Error', /^x{1000}.*…\(\+\d+ chars\)$/],
  ])('of %s', async (_what, error, type, value) => {
    const all = await values(error)
    expect(all.at(-1)).toMatchObject({ type, value: expect.stringMatching(value) })
  })

  it('of a thousand causes is cut', async () => {
    let error = new Error('0')
    for (let i = 1; i < 1000; i++) error = new Error(String(i), { cause: error })
    const all = await values(error)
    expect(all.at(-1)!['value']).toBe('999')
    expect(all.length).toBeLessThan(40)
  })

  it.each(Object.keys(hostile))('whatever is thrown, %s', async (name) => {
    const error = hostile[name]!()
    expect(() => log.exception('failed', error)).not.toThrow()
    await flushSentry()
    expect(ingest.events.length).toBeLessThanOrEqual(1)
  })
})

it('a line written with log.error reports nothing', async () => {
  log.error('failed', { error: new Error('refused') })
  await flushSentry()
  expect(ingest.received).toEqual([])
})

it('keys with other names in the log are the same here', async () => {
  await app.telltale.shutdown()
  app = reporting(ingest, {}, { log: { keys: { level: 'severity', event: 'msg', timestamp: 'time' } } })
  const event = await sent(() =>
    request((_req, res) => {
      log.info('before')
      log.exception('failed', new Error('refused'))
      res.end()
    }),
  )
  expect(event['tags'].event).toBe('failed')
  expect(event['breadcrumbs'].values).toMatchObject([{ message: 'before', level: 'info' }])
})
