import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { observeHttp } from '../../src/adapters/http.js'
import { getLogger } from '../../src/index.js'
import { haveWork } from '../../src/lifecycle/exits.js'
import { flushOtlp } from '../../src/otlp/index.js'
import { listening } from '../support/apps/listening.js'
import type { Capture } from '../support/capture.js'
import { until } from '../support/until.js'
import { Collector, silence, status } from './collector.js'
import { encodeAnswer } from './decode.js'
import { droppedOf, sending, span, take } from './running.js'

let collector: Collector
let app: Capture | undefined
let before: Record<string, number>

const reasons = ['queue_full', 'export_failed', 'rejected', 'shutdown', 'unserializable'] as const

beforeEach(async () => {
  collector = await new Collector().open()
  before = Object.fromEntries(reasons.map((reason) => [reason, droppedOf('span', reason)]))
})
afterEach(async () => {
  await app?.telltale.shutdown()
  app = undefined
  await collector.close()
})

/** Spans lost in this test, by reason. */
function lost(): Record<string, number> {
  const now = reasons.map((reason) => [reason, droppedOf('span', reason) - before[reason]!] as const)
  return Object.fromEntries(now.filter(([, count]) => count > 0))
}

const quiet = { logs: false, scheduleDelayMs: 100_000 } as const

it('goes with its headers, gzipped where that is asked for', async () => {
  app = sending(collector.endpoint, { ...quiet, gzip: true, headers: { 'x-api-key': 'abc' } })
  take(span({ name: 'zipped' }))
  await flushOtlp()
  const [{ headers, path }] = collector.received as [Collector['received'][number]]
  expect(path).toBe('/v1/traces')
  expect(headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'application/x-protobuf',
    'x-api-key': 'abc',
    'user-agent': expect.stringMatching(/^telltale\//) as string,
  })
  expect(collector.spans[0].name).toBe('zipped')
})

it('speaks JSON, several pieces as one', async () => {
  app = sending(collector.endpoint, { ...quiet, protocol: 'http/json' })
  take(...Array.from({ length: 300 }, (_, i) => span({ name: `s${i}` })))
  await flushOtlp()
  const [{ headers, body }] = collector.received as [Collector['received'][number]]
  expect(headers['content-type']).toBe('application/json')
  expect(headers['content-encoding']).toBeUndefined()
  const { resourceSpans } = JSON.parse(body.toString()) as {
    resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[]
  }
  const names = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans[0]!.spans.map(({ name }) => name))
  expect(names).toEqual(Array.from({ length: 300 }, (_, i) => `s${i}`))
})

it('speaks JSON that a strict reader of whole numbers takes', async () => {
  app = sending(collector.endpoint, { protocol: 'http/json', scheduleDelayMs: 100_000 })
  const wide = { big: 1e300, negative: -1e30, over: 2 ** 63, exact: 2 ** 53 - 1 }
  take(span({ attributes: wide }))
  getLogger('app').info('wide', wide)
  await flushOtlp()
  for (const signal of ['traces', 'logs']) {
    const bodies = collector.received.filter((each) => each.signal === signal)
    const text = Buffer.concat(bodies.map(({ body }) => body)).toString()
    const whole = [...text.matchAll(/"intValue":([^,}]+)/g)].map(([, digits]) => digits!)
    expect(whole).toContain('9007199254740991')
    // BigInt takes no exponent.
    for (const digits of whole) expect(BigInt.asIntN(64, BigInt(digits))).toBe(BigInt(digits))
    for (const digits of ['1e+300', '-1e+30', '9223372036854776000'])
      expect(text).toContain(`"value":{"doubleValue":${digits}}`)
  }
})

it('keeps one connection open', async () => {
  const ports = new Set<number>()
  collector.behave = (response) => {
    ports.add(response.socket!.remotePort!)
    response.end()
  }
  app = sending(collector.endpoint, quiet)
  for (let i = 0; i < 3; i++) {
    take(span())
    await flushOtlp()
  }
  expect(collector.received).toHaveLength(3)
  expect(ports.size).toBe(1)
})

describe('a collector that does not take it', () => {
  it.each([429, 502, 503, 504])('with %i is asked again, and nothing is counted as lost', async (code) => {
    collector.first(status(code))
    app = sending(collector.endpoint, quiet)
    take(span())
    await flushOtlp()
    expect(collector.received).toHaveLength(2)
    expect(collector.received[1]!.body).toEqual(collector.received[0]!.body)
    expect(lost()).toEqual({})
  })

  it('is not asked before the seconds of Retry-After are over', async () => {
    collector.first(status(503, { 'retry-after': '1' }))
    const at: number[] = []
    const { behave } = collector
    collector.behave = (response, received) => {
      at.push(performance.now())
      behave(response, received)
    }
    app = sending(collector.endpoint, quiet)
    take(span())
    await flushOtlp()
    expect(at).toHaveLength(2)
    // A promise to the collector, which a slow machine only makes longer.
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(990)
    expect(lost()).toEqual({})
  })

  it('and asks for no time at all, is not asked in a loop', async () => {
    collector.behave = status(503, { 'retry-after': '0' })
    app = sending(collector.endpoint, { ...quiet, exportTimeoutMs: 2500 })
    take(span())
    await flushOtlp()
    expect(collector.received.length).toBeGreaterThanOrEqual(2)
    expect(collector.received.length).toBeLessThanOrEqual(5)
    expect(lost()).toEqual({ export_failed: 1 })
  })

  it('and asks for more time than a batch has, loses that batch alone', async () => {
    collector.first(status(503, { 'retry-after': '3600' }))
    app = sending(
      collector.endpoint,
      { ...quiet, exportTimeoutMs: 1000 },
      { lifecycle: { flushTimeoutMs: 100 } },
    )
    take(span(), span())
    await flushOtlp()
    expect(collector.received).toHaveLength(1)
    expect(lost()).toEqual({ export_failed: 2 })
    // What comes meanwhile waits.
    take(span())
    void flushOtlp()
    await new Promise((resolve) => setImmediate(resolve))
    expect(lost()).toEqual({ export_failed: 2 })
    expect(collector.received).toHaveLength(1)
    await app.telltale.shutdown()
    await until('what waited is counted', () => lost()['shutdown'] === 1)
  })

  it.each([400, 401, 404, 413, 500, 301])('with %i is not asked again', async (code) => {
    collector.behave = status(code, { location: '/elsewhere' })
    app = sending(collector.endpoint, quiet)
    take(span(), span(), span())
    await flushOtlp()
    expect(collector.received).toHaveLength(1)
    expect(lost()).toEqual({ rejected: 3 })
  })

  it('in part is believed, up to what was sent', async () => {
    const answer = (rejectedSpans: number): Uint8Array =>
      encodeAnswer('traces', { partialSuccess: { rejectedSpans, errorMessage: 'too old' } })
    collector.first(
      status(200, {}, answer(2)),
      status(200, {}, answer(1_000_000)),
      status(200, {}, answer(0)),
    )
    app = sending(collector.endpoint, quiet)
    const counts: (number | undefined)[] = []
    for (let i = 0; i < 4; i++) {
      take(span(), span(), span())
      await flushOtlp()
      counts.push(lost()['rejected'])
    }
    expect(counts).toEqual([2, 5, 5, 5])
    expect(collector.received).toHaveLength(4)
  })

  it('in part is believed in JSON, too', async () => {
    const body = '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}'
    collector.behave = status(200, { 'content-type': 'application/json' }, body)
    app = sending(collector.endpoint, { ...quiet, protocol: 'http/json' })
    take(span(), span(), span())
    await flushOtlp()
    expect(lost()).toEqual({ rejected: 2 })
  })

  it.each([
    ['nothing', ''],
    ['what is no protobuf', '\xff\xff\xff\xff<html>'],
    ['more than is read', 'x'.repeat(1_000_000)],
  ])('but takes it and answers %s, has taken it', async (_what, body) => {
    collector.behave = status(200, {}, body)
    app = sending(collector.endpoint, quiet)
    take(span())
    await flushOtlp()
    expect(collector.received).toHaveLength(1)
    expect(lost()).toEqual({})
  })
})

describe('a collector that is not there', () => {
  it('costs what a batch has time for, then the batch', async () => {
    const gone = await new Collector().open()
    await gone.close()
    app = sending(gone.endpoint, { ...quiet, exportTimeoutMs: 300 })
    take(span(), span())
    await flushOtlp()
    expect(lost()).toEqual({ export_failed: 2 })
  })

  it('and comes back, has what comes next', async () => {
    collector.down()
    app = sending(collector.endpoint, { ...quiet, exportTimeoutMs: 2000 })
    take(span(), span())
    await flushOtlp()
    expect(lost()).toEqual({ export_failed: 2 })
    collector.up()
    take(span())
    await flushOtlp()
    expect(collector.spans).toHaveLength(1)
    expect(lost()).toEqual({ export_failed: 2 })
  })

  it('and comes back in time, has all', async () => {
    collector.down()
    app = sending(collector.endpoint, quiet)
    take(span(), span())
    const sent = flushOtlp()
    await until('it was tried', () => collector.broken > 0)
    collector.up()
    await sent
    expect(collector.spans).toHaveLength(2)
    expect(lost()).toEqual({})
  })

  it('or takes the connection and never answers, is given up by attempt and by batch', async () => {
    collector.behave = silence
    app = sending(collector.endpoint, { ...quiet, timeoutMs: 50, exportTimeoutMs: 2500 })
    take(span())
    await flushOtlp()
    expect(collector.received.length).toBeGreaterThanOrEqual(2)
    expect(lost()).toEqual({ export_failed: 1 })
    collector.behave = status(200)
    take(span())
    await flushOtlp()
    expect(lost()).toEqual({ export_failed: 1 })
  })

  it('or breaks off in its answer, is asked again', async () => {
    collector.first((response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('some', () => response.destroy())
    })
    app = sending(collector.endpoint, quiet)
    take(span())
    await flushOtlp()
    expect(collector.received).toHaveLength(2)
    expect(lost()).toEqual({})
  })

  it('or answers drop by drop, is given up', async () => {
    collector.behave = (response) => {
      response.writeHead(200, { 'content-length': '1000' })
      const drip = setInterval(() => response.write('.'), 5)
      response.on('close', () => clearInterval(drip))
    }
    app = sending(collector.endpoint, { ...quiet, timeoutMs: 60, exportTimeoutMs: 200 })
    take(span())
    await flushOtlp()
    expect(lost()).toEqual({ export_failed: 1 })
  })

  it('or speaks something else than HTTP, is given up', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('220 mail ready\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    app = sending(`http://127.0.0.1:${port}`, { ...quiet, exportTimeoutMs: 300 })
    take(span())
    await flushOtlp()
    expect(lost()).toEqual({ export_failed: 1 })
    server.close()
  })
})

describe('the queue', () => {
  it('counts exactly what finds no room, what is under way included', async () => {
    let answer!: () => void
    collector.behave = (response) => void (answer = () => response.end())
    app = sending(collector.endpoint, { ...quiet, maxQueueSpans: 100, maxBatch: 40 })
    take(...Array.from({ length: 40 }, () => span()))
    await until('the first batch is under way', () => collector.received.length === 1)
    // 40 are under way: there is room for 60.
    take(...Array.from({ length: 75 }, () => span()))
    expect(lost()).toEqual({ queue_full: 15 })
    collector.behave = status(200)
    answer()
    await flushOtlp()
    expect(collector.spans).toHaveLength(100)
    take(...Array.from({ length: 100 }, () => span()))
    await flushOtlp()
    expect(collector.spans).toHaveLength(200)
    expect(lost()).toEqual({ queue_full: 15 })
  })

  it('counts what finds no room by its characters', async () => {
    collector.behave = silence
    app = sending(
      collector.endpoint,
      { ...quiet, maxQueueChars: 10_000 },
      { lifecycle: { flushTimeoutMs: 100 } },
    )
    take(...Array.from({ length: 10 }, () => span({ name: '', attributes: { text: 'x'.repeat(2996) } })))
    expect(lost()).toEqual({ queue_full: 7 })
    // A small one still fits.
    take(span({ name: 'x'.repeat(1000) }), span({ name: 'x' }))
    expect(lost()).toEqual({ queue_full: 8 })
    await app.telltale.shutdown()
    await until('what waited is counted', () => lost()['shutdown'] === 4)
  })

  it.each([
    ['a small bound', { maxQueueSpans: 100 }, span()],
    ['spans of many characters', {}, span({ attributes: { text: 'x'.repeat(90_000) } })],
  ])(
    'with %s loses nothing to a collector that takes all, before the delay is over',
    async (_w, bound, one) => {
      app = sending(collector.endpoint, { ...quiet, ...bound })
      for (let i = 1; i <= 6; i++) {
        take(...Array.from({ length: 50 }, () => one))
        await until('all is sent', () => !haveWork())
        expect(collector.spans).toHaveLength(i * 50)
      }
      expect(lost()).toEqual({})
    },
  )

  it('of lines is sent before it is full, as well', async () => {
    const before = droppedOf('log', 'otlp_queue_full')
    app = sending(collector.endpoint, { traces: false, scheduleDelayMs: 100_000 })
    const big = (): unknown[] => collector.logs.filter(({ eventName }) => eventName === 'big')
    for (let i = 1; i <= 2; i++) {
      for (let line = 0; line < 225; line++) {
        const [a, b, c] = ['a', 'b', 'c'].map((text) => text.repeat(7000))
        getLogger('app').info('big', { a, b, c })
      }
      await until('all is sent', () => !haveWork())
      expect(big()).toHaveLength(i * 225)
    }
    expect(droppedOf('log', 'otlp_queue_full')).toBe(before)
  })

  it('holds its bound under 2,000 spans a second with nobody there, and every span is sent or counted', async () => {
    collector.down()
    app = sending(collector.endpoint, { logs: false, exportTimeoutMs: 400, scheduleDelayMs: 10 })
    let taken = 0
    for (let i = 0; i < 20; i++) {
      take(...Array.from({ length: 200 }, () => span({ attributes: { text: 'x'.repeat(100) } })))
      taken += 200
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    collector.up()
    await flushOtlp()
    const counts = Object.values(lost()).reduce((sum, count) => sum + count, 0)
    expect(counts).toBeGreaterThan(0)
    expect(collector.spans.length + counts).toBe(taken)
    const had = collector.spans.length
    take(span())
    await flushOtlp()
    expect(collector.spans).toHaveLength(had + 1)
  })
})

it('is flushed by a shutdown, its last line included', async () => {
  app = sending(collector.endpoint, { scheduleDelayMs: 100_000 })
  take(span({ name: 'late' }))
  getLogger('app').info('late_line')
  await app.telltale.shutdown()
  expect(collector.spans.map(({ name }) => name)).toEqual(['late'])
  const names = collector.logs.map(({ eventName }) => eventName)
  expect(names).toEqual(expect.arrayContaining(['late_line', 'shutdown_started', 'shutdown_completed']))
})

it('does not hold a shutdown up beyond its deadline, and counts what is left', async () => {
  collector.behave = silence
  app = sending(collector.endpoint, { ...quiet, maxBatch: 2 }, { lifecycle: { flushTimeoutMs: 200 } })
  take(span(), span(), span())
  await app.telltale.shutdown()
  await until('all are counted', () => lost()['shutdown'] === 3)
  expect(lost()).toEqual({ shutdown: 3 })
})

it('after a shutdown nothing is taken, and a new start sends anew', async () => {
  app = sending(collector.endpoint, quiet)
  await app.telltale.shutdown()
  const { tracing } = await import('../../src/trace/tracing.js')
  expect(tracing.exit).toBeUndefined()
  expect(tracing.sample('0'.repeat(32), undefined)).toBe(false)
  app = sending(collector.endpoint, quiet)
  take(span())
  await flushOtlp()
  expect(collector.spans).toHaveLength(1)
})

it('requests are served while a collector stands still, and their spans wait', async () => {
  collector.behave = silence
  app = sending(collector.endpoint, { ...quiet, timeoutMs: 60_000, maxBatch: 10 })
  const server = createHttpServer(observeHttp((_req, res) => res.end('served')))
  const { port, close } = await listening(server)
  for (let i = 0; i < 50; i++) expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('served')
  await app.ended(50)
  await collector.has(1, 'traces')
  expect(collector.received).toHaveLength(1)
  collector.behave = status(200)
  // The first attempt breaks off and is made again.
  collector.down()
  collector.up()
  await flushOtlp()
  await close()
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(50)
  expect(lost()).toEqual({})
})
