import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { observeClient } from '../../src/adapters/pg-client.js'
import { Query } from '../../src/db/query.js'
import { bindContext, flow, getLogger, setRoute } from '../../src/index.js'
import { lookForOtel } from '../../src/trace/otel.js'
import { Capture } from '../support/capture.js'

const log = getLogger('app')
const spans = new InMemorySpanExporter()
const tracer = trace.getTracer('app')
let out: Capture

beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register()
  lookForOtel()
})
afterAll(() => {
  trace.disable()
  context.disable()
  propagation.disable()
  lookForOtel()
})
beforeEach(() => {
  spans.reset()
  out = new Capture({ log: { level: 'debug' } })
})
afterEach(() => out.telltale.shutdown())

const names = (): string[] => spans.getFinishedSpans().map(({ name }) => name)
const one = (name: string): ReadableSpan => {
  const found = spans.getFinishedSpans().filter((span) => span.name === name)
  if (found.length !== 1) throw new Error(`${found.length} spans ${name} of ${names().join(', ')}`)
  return found[0]!
}
const idsOf = (span: ReadableSpan): object => ({
  trace_id: span.spanContext().traceId,
  span_id: span.spanContext().spanId,
})

async function ask(handler: RequestListener, headers: Record<string, string> = {}): Promise<void> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await (await fetch(`http://127.0.0.1:${port}/things/1?token=abc`, { headers })).text()
  await out.ended(1)
  await new Promise((resolve) => server.close(resolve))
}

const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
const traceparent = `00-${parent.traceId}-${parent.spanId}-01`

test('a request, its flow, steps and queries become spans of the SDK, and lines carry them', async () => {
  await ask(
    observeHttp(async (_req, res) => {
      setRoute('/things/:id')
      bindContext({ user_id: 'u_1' })
      log.info('in_request')
      await flow('move', async (f) => {
        await f.step('copy', async () => {
          log.info('in_step')
          new Query('postgresql', "select 1 where a = 'x'", 1000).done(1)
          await tracer.startActiveSpan('own', async (own) => {
            log.info('in_own')
            await new Promise((resolve) => setTimeout(resolve, 1))
            log.info('later_in_own')
            own.end()
          })
        })
      })
      res.end('ok')
    }),
    { traceparent, tracestate: 'vendor=1' },
  )
  const request = one('GET /things/:id')
  expect(request).toMatchObject({
    kind: SpanKind.SERVER,
    parentSpanContext: { ...parent, isRemote: true },
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/things/:id',
      'http.response.status_code': 200,
      'url.path': '/things/1',
      'url.scheme': 'http',
      user_id: 'u_1',
      request_id: out.one('request_completed')['request_id'],
    },
    status: { code: SpanStatusCode.UNSET },
  })
  expect(request.spanContext().traceState?.serialize()).toBe('vendor=1')
  expect(JSON.stringify(request.attributes)).not.toContain('abc')
  const [moved, copied] = [one('move'), one('move copy')]
  expect(moved.parentSpanContext?.spanId).toBe(request.spanContext().spanId)
  expect(copied.parentSpanContext?.spanId).toBe(moved.spanContext().spanId)
  for (const name of ['SELECT', 'own']) {
    expect(one(name).parentSpanContext?.spanId).toBe(copied.spanContext().spanId)
  }
  expect(one('SELECT')).toMatchObject({
    kind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'select ? where a = ?' },
  })
  expect(out.one('in_request')).toMatchObject(idsOf(request))
  expect(out.one('move_flow_started')).toMatchObject(idsOf(moved))
  expect(out.one('in_step')).toMatchObject(idsOf(copied))
  for (const event of ['in_own', 'later_in_own'])
    expect(out.one(event)).toMatchObject({ ...idsOf(one('own')), step: 'copy', user_id: 'u_1' })
  expect(out.one('request_completed')).toMatchObject(idsOf(request))
})

test('below the span of an instrumentation there is no second one, and it learns the route', async () => {
  const handler = observeHttp((_req, res) => {
    setRoute('/things/:id')
    log.info('inside')
    res.end()
  })
  await ask((req, res) =>
    tracer.startActiveSpan('GET', { kind: SpanKind.SERVER }, (span) => {
      res.on('close', () => setImmediate(() => span.end()))
      handler(req, res)
    }),
  )
  await expect.poll(names).toEqual(['GET'])
  expect(one('GET').attributes).toMatchObject({ 'http.route': '/things/:id' })
  expect(out.one('inside')).toMatchObject(idsOf(one('GET')))
})

test('what fails is told with its error, screened', async () => {
  await ask(
    observeHttp(async () => {
      await flow('move', (f) => f.step('copy', () => Promise.reject(new RangeError('no, password=hunter2'))))
    }),
  )
  for (const name of ['move', 'move copy', 'GET']) {
    expect(one(name).status).toEqual({ code: SpanStatusCode.ERROR, message: 'no, password=[REDACTED]' })
    expect(one(name).events[0]?.attributes).toMatchObject({ 'exception.type': 'RangeError' })
  }
  expect(JSON.stringify(spans.getFinishedSpans().map(({ events }) => events))).not.toContain('hunter2')
})

test('lines outside of any request carry the active span too', () => {
  tracer.startActiveSpan('job', (span) => {
    log.info('in_job')
    span.end()
  })
  log.info('outside')
  expect(out.one('in_job')).toMatchObject(idsOf(one('job')))
  expect(out.one('outside')).not.toHaveProperty('trace_id')
})

test('parallel steps don’t become each other’s children', async () => {
  await flow('fan', (f) =>
    Promise.all(
      ['a', 'b', 'c'].map((step) => f.step(step, () => new Promise((done) => setTimeout(done, 2)))),
    ),
  )
  const root = one('fan').spanContext().spanId
  for (const step of ['a', 'b', 'c']) expect(one(`fan ${step}`).parentSpanContext?.spanId).toBe(root)
})

test('a query that OpenTelemetry’s instrumentation has wrapped gets no second span', async () => {
  const query = Object.assign(() => Promise.resolve({ rowCount: 1 }), { __wrapped: true })
  const [wrapped, bare] = [{ query }, { query: () => Promise.resolve({ rowCount: 1 }) }]
  for (const client of [wrapped, bare]) observeClient(client, { pool: 'main', slowMs: 1000 })
  await flow('ask', async (f) => {
    await f.step('wrapped', () => (wrapped.query as (text: string) => unknown)('select 1'))
    await f.step('bare', () => (bare.query as (text: string) => unknown)('select 1'))
  })
  expect(names()).toEqual(['ask wrapped', 'SELECT', 'ask bare', 'ask'])
})

test('an SDK that throws harms nobody', async () => {
  const api = (globalThis as unknown as Record<symbol, { trace: unknown }>)[
    Symbol.for('opentelemetry.js.api.1')
  ]!
  const { trace: registered } = api
  api.trace = {
    getTracer: () => {
      throw new Error('no tracer')
    },
  }
  try {
    expect(await flow('calm', (f) => f.step('on', () => 5))).toBe(5)
    expect(out.one('calm_flow_completed')['trace_id']).toMatch(/^[0-9a-f]{32}$/)
  } finally {
    api.trace = registered
  }
})
