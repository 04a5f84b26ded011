import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AsyncResource } from 'node:async_hooks'
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { observeClient } from '../../src/adapters/pg-client.js'
import { Query } from '../../src/db/query.js'
import { bindContext, type Carrier, flow, getLogger, setRoute } from '../../src/index.js'
import { lookForOtel } from '../../src/trace/otel.js'
import { Capture } from '../support/capture.js'

const log = getLogger('app')
const spans = new InMemorySpanExporter()
const tracer = trace.getTracer('app')
let out: Capture

beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register()
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

test('before the first request or flow, lines carry the active span already', () => {
  tracer.startActiveSpan('boot', (span) => {
    log.info('in_boot')
    span.end()
  })
  expect(out.one('in_boot')).toMatchObject(idsOf(one('boot')))
})

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

test('a span that was active when the server began to listen is not that of its requests', async () => {
  const server = createServer(observeHttp((_req, res) => void res.end()))
  await tracer.startActiveSpan('boot', async (boot) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    boot.end()
  })
  const { port } = server.address() as AddressInfo
  for (const headers of [undefined, undefined, { traceparent }]) {
    await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text()
  }
  await out.ended(3)
  await new Promise((resolve) => server.close(resolve))
  const boot = one('boot').spanContext()
  const requests = spans.getFinishedSpans().filter(({ name }) => name === 'GET')
  expect(requests.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
    undefined,
    undefined,
    parent.spanId,
  ])
  const traces = requests.map((span) => span.spanContext().traceId)
  expect(new Set([...traces, boot.traceId]).size).toBe(4)
  expect(traces[2]).toBe(parent.traceId)
  expect(out.ends.map(({ trace_id }) => trace_id)).toEqual(traces)
})

test('nor is one that is not sampled, but that of an instrumentation is', async () => {
  const unsampled = (spanId: string): ReturnType<typeof trace.wrapSpanContext> =>
    trace.wrapSpanContext({ traceId: 'f'.repeat(32), spanId, traceFlags: TraceFlags.NONE })
  const handler = observeHttp((_req, res) => void res.end())
  const begun = trace.setSpan(ROOT_CONTEXT, unsampled('1'.repeat(16)))
  await ask((req, res) => context.with(begun, () => handler(req, res)))
  expect(out.ends[0]).toMatchObject({ trace_id: 'f'.repeat(32), span_id: '1'.repeat(16) })
  expect(names()).toEqual([])
  await ask((req, res) => context.with(begun, () => handler(req, res)))
  const other = trace.setSpan(ROOT_CONTEXT, unsampled('2'.repeat(16)))
  await ask((req, res) => context.with(other, () => handler(req, res)), { traceparent })
  await expect.poll(() => out.ends).toHaveLength(3)
  expect(out.ends[1]!['trace_id']).not.toBe('f'.repeat(32))
  expect(out.ends[2]!['trace_id']).toBe(parent.traceId)
})

test('a flow that is resumed goes on with the trace that was carried', async () => {
  let carrier: Carrier | undefined
  await flow('retake', (f) => void (carrier = f.handOff()))
  spans.reset()
  await tracer.startActiveSpan('elsewhere', async (span) => {
    await flow.resume('retake', { ...carrier!, traceparent }, (f) => f.step('two', () => 2))
    span.end()
  })
  expect(one('retake').parentSpanContext).toMatchObject({ ...parent, isRemote: true })
  expect(one('retake two').parentSpanContext?.spanId).toBe(one('retake').spanContext().spanId)
  expect(one('retake two').spanContext().traceId).toBe(parent.traceId)
  expect(out.one('retake_flow_resumed')).toMatchObject(idsOf(one('retake')))
})

test('a step is below its flow, wherever it is called from, and below a span that is active in the flow', async () => {
  const outside = new AsyncResource('emitter')
  await tracer.startActiveSpan('other', (other) => {
    const emitter = new AsyncResource('emitter')
    other.end()
    return flow('fed', async (f) => {
      await outside.runInAsyncScope(() => f.step('from_nothing', () => 1))
      await emitter.runInAsyncScope(() => f.step('from_another_span', () => 1))
      await tracer.startActiveSpan('own', async (own) => {
        await f.step('from_own_span', () => 1)
        own.end()
      })
    })
  })
  const above = (name: string): string | undefined => one(name).parentSpanContext?.spanId
  expect(above('fed')).toBe(one('other').spanContext().spanId)
  for (const step of ['from_nothing', 'from_another_span'])
    expect(above(`fed ${step}`)).toBe(one('fed').spanContext().spanId)
  expect(above('fed from_own_span')).toBe(one('own').spanContext().spanId)
})

test('where tracing is suppressed there are ids, and no spans', async () => {
  const suppressed = context
    .active()
    .setValue(Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING'), true)
  await context.with(suppressed, () => flow('quiet', (f) => f.step('on', () => log.info('inside'))))
  expect(names()).toEqual([])
  for (const event of ['quiet_flow_started', 'inside']) {
    expect(out.one(event)).toMatchObject({
      trace_id: out.one('quiet_flow_completed')['trace_id'],
      span_id: expect.stringMatching(/[1-9a-f]/) as string,
    })
    expect(out.one(event)['trace_id']).toMatch(/[1-9a-f]/)
  }
})

test('what is not recorded is not described', async () => {
  const described = vi.spyOn(Query.prototype, 'describe')
  const unsampled = trace.wrapSpanContext({ ...parent, traceFlags: TraceFlags.NONE })
  await context.with(trace.setSpan(ROOT_CONTEXT, unsampled), () =>
    flow('unseen', () => new Query('postgresql', 'select 1', 1000).done(1)),
  )
  expect(names()).toEqual([])
  expect(described).not.toHaveBeenCalled()
  await flow('seen', () => new Query('postgresql', 'select 1', 1000).done(1))
  expect(described).toHaveBeenCalledOnce()
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
