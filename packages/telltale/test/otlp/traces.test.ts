import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostname } from 'node:os'
import { flow } from '../../src/index.js'
import { flushOtlp } from '../../src/otlp/index.js'
import type { Capture } from '../support/capture.js'
import { attributesOf } from './decode.js'
import { Collector } from './collector.js'
import { sending, span, take } from './running.js'

let collector: Collector
let app: Capture | undefined

beforeEach(async () => (collector = await new Collector().open()))
afterEach(async () => {
  await app?.telltale.shutdown()
  app = undefined
  await collector.close()
})

describe('a span that left', () => {
  it('is read by the protocol with every field', async () => {
    app = sending(collector.endpoint, { logs: false })
    const startedAt = performance.now() - 12.5
    const wall = Date.now() - 12.5
    take(
      span({
        spanId: '00f067aa0ba902b7',
        parentSpanId: 'a3ce929d0e0e4736',
        isRemote: true,
        tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
        name: 'POST /pay/:id',
        kind: 'server',
        startedAt,
        endedAt: startedAt + 10.25,
        attributes: {
          'http.response.status_code': 502,
          ratio: 0.5,
          ok: false,
          route: '/pay/:id',
          tags: ['a', 'b'],
        },
        error: {
          type: 'PaymentError',
          message: 'no answer',
          stack: 'PaymentError: no answer\n    at charge',
        },
      }),
    )
    await flushOtlp()
    const [one] = collector.spans
    expect(one).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      parentSpanId: 'a3ce929d0e0e4736',
      traceState: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
      name: 'POST /pay/:id',
      kind: 2,
      status: { code: 2, message: 'no answer' },
      // Sampled; whether the parent is remote is known, and it is.
      flags: 0x301,
    })
    expect(attributesOf(one.attributes)).toEqual({
      'http.response.status_code': 502,
      ratio: 0.5,
      ok: false,
      route: '/pay/:id',
      tags: ['a', 'b'],
    })
    expect(Number(BigInt(one.endTimeUnixNano) - BigInt(one.startTimeUnixNano))).toBe(10_250_000)
    expect(Math.abs(Number(BigInt(one.startTimeUnixNano) / 1_000_000n) - wall)).toBeLessThan(60_000)
    expect(one.events).toHaveLength(1)
    expect(one.events[0]).toMatchObject({ name: 'exception', timeUnixNano: one.endTimeUnixNano })
    expect(attributesOf(one.events[0].attributes)).toEqual({
      'exception.type': 'PaymentError',
      'exception.message': 'no answer',
      'exception.stacktrace': 'PaymentError: no answer\n    at charge',
    })
  })

  it('has a local parent, no exception where nothing was thrown, and each kind', async () => {
    app = sending(collector.endpoint, { logs: false })
    const kinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const
    take(...kinds.map((kind) => span({ kind, name: kind })))
    take(span({ name: 'failed', parentSpanId: 'a3ce929d0e0e4736', error: { type: '503', message: '' } }))
    await flushOtlp()
    expect(collector.spans.map(({ name, kind }) => [name, kind])).toEqual([
      ...kinds.map((kind, i) => [kind, i + 1]),
      ['failed', 1],
    ])
    const failed = collector.spans.at(-1)
    expect(failed).toMatchObject({ flags: 0x101, status: { code: 2, message: '503' } })
    expect(failed.events).toBeUndefined()
    expect(collector.spans[0].parentSpanId).toBeUndefined()
    expect(collector.spans[0].status.code).toBe(0)
  })

  it('says who sent it', async () => {
    app = sending(
      collector.endpoint,
      { logs: false },
      { service: 'assessments', version: '1.4.0', environment: 'staging', instance: 'pod-7' },
    )
    take(span())
    await flushOtlp()
    const [{ resourceSpans }] = collector.of('traces')
    expect(attributesOf(resourceSpans[0].resource.attributes)).toEqual({
      'service.name': 'assessments',
      'service.version': '1.4.0',
      'deployment.environment.name': 'staging',
      'service.instance.id': 'pod-7',
      'telemetry.sdk.name': 'telltale',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': expect.any(String) as string,
      'process.pid': process.pid,
      'host.name': hostname(),
    })
    expect(resourceSpans[0].scopeSpans[0].scope.name).toBe('telltale')
  })
})

it('sends a flow and its steps, correlated with their lines', async () => {
  app = sending(collector.endpoint)
  await flow('retake', { user_id: 'u_1' }, async (f) => {
    await f.step('load', () => 1)
    await f.step('clear', () => 2)
  })
  await flushOtlp()
  const { spans } = collector
  const whole = spans.find(({ name }) => name.includes('retake') && !/load|clear/.test(name))
  const steps = spans.filter(({ parentSpanId }) => parentSpanId === whole.spanId)
  expect(steps).toHaveLength(2)
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const completed = collector.logs.find(({ eventName }) => eventName === 'retake_flow_completed')
  expect(completed).toMatchObject({ traceId: whole.traceId, spanId: whole.spanId })
})

describe('a trace that is not sampled', () => {
  const run = (name: string, fails: boolean): Promise<unknown> =>
    flow(name, {}, async (f) => {
      await f.step('first', () => 1)
      await f.step('second', () => {
        if (fails) throw new Error('stopped')
      })
    }).catch(() => undefined)

  it('leaves where it failed, as a whole', async () => {
    app = sending(collector.endpoint, { logs: false, tracesSampleRate: 0 })
    await run('well', false)
    await run('ill', true)
    await flushOtlp()
    expect(collector.spans).toHaveLength(3)
    expect(collector.spans.map(({ name }) => name).every((name) => name.includes('ill'))).toBe(true)
    expect(collector.spans.filter(({ status }) => status.code === 2)).toHaveLength(2)
  })

  it('does not leave where keepOnError is false', async () => {
    app = sending(collector.endpoint, { logs: false, tracesSampleRate: 0, keepOnError: false })
    await run('ill', true)
    await flushOtlp()
    expect(collector.received).toEqual([])
  })
})

it('sends batches of 512 as soon as one is full, in order', async () => {
  app = sending(collector.endpoint, { logs: false, scheduleDelayMs: 100_000 })
  const spans = Array.from({ length: 1100 }, () => span())
  take(...spans)
  await collector.has(2, 'traces')
  await flushOtlp()
  const sizes = collector
    .of('traces')
    .map(({ resourceSpans }) =>
      resourceSpans.reduce(
        (sum: number, { scopeSpans }: { scopeSpans: { spans: unknown[] }[] }) =>
          sum + scopeSpans[0]!.spans.length,
        0,
      ),
    )
  expect(sizes).toEqual([512, 512, 76])
  expect(collector.spans.map(({ spanId }) => spanId)).toEqual(spans.map(({ spanId }) => spanId))
})

it('sends what it has after the schedule delay', async () => {
  app = sending(collector.endpoint, { logs: false, scheduleDelayMs: 20 })
  take(span())
  await collector.has(1, 'traces')
  take(span())
  await collector.has(2, 'traces')
  expect(collector.spans).toHaveLength(2)
})
