import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fastifyLogger } from '../../src/adapters/fastify-logger.js'
import { type Scope, scopes } from '../../src/context/scope.js'
import { requestIds } from '../../src/http/request-id.js'
import { configureRequests } from '../../src/http/settings.js'
import { statusOf } from '../../src/http/status.js'
import { pipeline } from '../../src/log/pipeline.js'
import {
  bindContext,
  counter,
  gauge,
  getLogger,
  histogram,
  redact,
  setRoute,
  unbindContext,
  withContext,
  type Logger,
} from '../../src/index.js'
import { renderMetrics } from '../../src/metrics/rendered.fixture.js'
import { Capture } from '../support/capture.js'
import { hostile } from '../support/hostile.js'

let out: Capture
beforeAll(() => void (out = new Capture({ log: { level: 'debug' } })))
afterAll(() => out.telltale.shutdown())

const events = ['debug', 'info', 'warning', 'warn', 'error', 'critical', 'fatal', 'skip'] as const
const pinoEvents = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

function everyCall(log: Logger, value: () => unknown): void {
  const text = value as () => string
  const fields = value as () => object
  for (const event of events) {
    log[event](text())
    log[event]('event', fields())
    log[event]('event', { value: value(), error: value() })
    log[event](text(), fields())
  }
  log.exception(text(), value(), fields())
  log.exception('event', value())
  log.bind(fields()).bind({ value: value() }).info('event', fields())
  log.bind({ a: 1 }).unbind(text()).info('event')
  log.isEnabled(value() as 'info')
  getLogger(text()).info('event')
}

describe.each(Object.entries(hostile))('%s', (_name, value) => {
  const fields = value as () => object
  const text = value as () => string

  it('makes no logger throw', () => {
    const before = out.lines.length
    expect(() => everyCall(getLogger('app'), value)).not.toThrow()
    expect(() =>
      withContext(fields(), () => {
        bindContext(fields())
        bindContext({ value: value() })
        everyCall(getLogger('app'), value)
        unbindContext(text())
      }),
    ).not.toThrow()
    // Each is a line that can be parsed.
    expect(out.lines.length - before).toBe(2 * (events.length * 4 + 5))
  })

  it('makes no event throw that waits for setup()', async () => {
    await out.telltale.shutdown()
    pipeline.open = false
    const log = getLogger('app')
    expect(() => {
      log.info(text(), fields())
      log.info('waiting', fields())
      log.bind({ value: value() }).info('waiting', { value: value(), error: value() })
      out = new Capture({ log: { level: 'debug' } })
    }).not.toThrow()
    expect(out.lines).toHaveLength(3)
  })

  it("makes no call of Fastify's logger throw", () => {
    const log = fastifyLogger('app')
    expect(() => {
      for (const event of pinoEvents) {
        const call = log[event].bind(log) as (...args: unknown[]) => void
        call(value())
        call(value(), 'text')
        call(value(), 'text %s %d %j %o', value(), value(), value(), value())
        call('text %s %d %j %o', value(), value(), value(), value())
        call('text', value())
        call({ req: value(), res: value(), err: value() }, 'request errored')
        call({ res: value(), err: value() }, value())
      }
      log.child(fields() as { reqId: string }).info('event')
    }).not.toThrow()
  })

  it('makes no route, redaction or status throw', () => {
    expect(() => {
      setRoute(text())
      scopes.run({ request: { subject: {} } } as Scope, () => setRoute(text()))
      redact(value())
      redact({ value: value() })
      statusOf(value())
    }).not.toThrow()
  })

  it('makes no request throw whose trust function throws or returns it', () => {
    const req = { headers: { 'x-request-id': 'given-by-the-client' } } as unknown as IncomingMessage
    const given = value()
    const trusts = [
      () => given,
      () => {
        throw given
      },
      () => Promise.reject(given as Error),
    ]
    try {
      for (const trust of trusts as (() => boolean)[]) {
        configureRequests({ trust })
        expect(requestIds(req).clientRequestId).toBe('given-by-the-client')
      }
    } finally {
      configureRequests({})
    }
  })

  it('makes no metric throw', () => {
    const labels = { kind: String }
    const count = counter('hostile_total', { help: 'Hostile values.', labels })
    const level = gauge('hostile_level', { help: 'Hostile values.', labels })
    const times = histogram('hostile_seconds', { help: 'Hostile values.', labels, buckets: [1] })
    expect(() => {
      for (const given of [fields() as { kind: string }, { kind: text() }]) {
        const number = value as () => number
        count.inc(given, number())
        level.set(given, number())
        level.inc(given, number())
        level.dec(given, number())
        times.observe(given, number())
      }
      renderMetrics()
    }).not.toThrow()
  })
})
