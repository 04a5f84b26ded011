import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getLogger, withContext } from '../../src/index.js'
import { flushOtlp } from '../../src/otlp/index.js'
import type { Capture } from '../support/capture.js'
import { Collector } from './collector.js'
import { attributesOf, type Json } from './decode.js'
import { droppedOf, sending } from './running.js'

let collector: Collector
let app: Capture | undefined

beforeEach(async () => (collector = await new Collector().open()))
afterEach(async () => {
  await app?.telltale.shutdown()
  app = undefined
  await collector.close()
})

const log = getLogger('payments')

function record(event: string): Json {
  const found = collector.logs.filter(({ body }) => body.stringValue === event)
  expect(found).toHaveLength(1)
  return found[0]
}

describe('a line that left', () => {
  it('is read by the protocol with every field', async () => {
    app = sending(collector.endpoint)
    log.info('payment_made', {
      amount: 4200,
      rate: 0.25,
      ok: true,
      nothing: null,
      items: [1, 'two', { three: 3 }],
      address: { city: 'Ghent', lines: ['a', 'b'] },
    })
    await flushOtlp()
    const line = app.one('payment_made')
    const one = record('payment_made')
    expect(one).toMatchObject({ severityNumber: 9, severityText: 'info', eventName: 'payment_made' })
    const written = String(line['timestamp'])
    const micros = BigInt(Date.parse(written)) * 1000n + BigInt(written.slice(23, 26))
    expect(one.timeUnixNano).toBe(String(micros * 1000n))
    expect(one.observedTimeUnixNano).toBe(one.timeUnixNano)
    expect(attributesOf(one.attributes)).toEqual({
      amount: 4200,
      rate: 0.25,
      ok: true,
      nothing: undefined,
      items: [1, 'two', { three: 3 }],
      address: { city: 'Ghent', lines: ['a', 'b'] },
    })
    expect(one.traceId).toBeUndefined()
  })

  it.each([
    ['debug', 5],
    ['info', 9],
    ['warning', 13],
    ['error', 17],
    ['critical', 21],
  ] as const)('has the severity of %s', async (level, number) => {
    app = sending(collector.endpoint, {}, { log: { level: 'debug' } })
    log[level]('said')
    await flushOtlp()
    expect(record('said')).toMatchObject({ severityNumber: number, severityText: level })
  })

  it('has an error as the semantic conventions name it, and what else an error has', async () => {
    app = sending(collector.endpoint)
    const cause = new TypeError('no route')
    log.error('payment_failed', {
      error: Object.assign(new RangeError('refused', { cause }), { code: 'E_PAY' }),
    })
    await flushOtlp()
    const attributes = attributesOf(record('payment_failed').attributes)
    expect(attributes).toMatchObject({
      'exception.type': 'RangeError',
      'exception.message': 'refused',
      'exception.stacktrace': expect.stringContaining('RangeError: refused\n') as string,
      error: { code: 'E_PAY', cause: { type: 'TypeError', message: 'no route' } },
      error_fingerprint: expect.any(String) as string,
    })
  })

  it('has the logger as its scope, and ids as attributes', async () => {
    app = sending(collector.endpoint)
    await withContext({ tenant_id: 't_1' }, async () => log.info('in_context'))
    getLogger('other').info('elsewhere')
    await flushOtlp()
    expect(attributesOf(record('in_context').attributes)).toEqual({ tenant_id: 't_1' })
    const scopes = collector
      .of('logs')
      .flatMap(({ resourceLogs }) => resourceLogs[0].scopeLogs)
      .map(({ scope, logRecords }: Json) => [scope.name, logRecords.map(({ eventName }: Json) => eventName)])
    expect(Object.fromEntries(scopes)).toMatchObject({ payments: ['in_context'], other: ['elsewhere'] })
  })

  it('has fields of any name', async () => {
    app = sending(collector.endpoint)
    log.info('odd_names', JSON.parse('{"__proto__":{"a":1},"constructor":2,"":3,"error":"text"}') as object)
    await flushOtlp()
    const written = app.one('odd_names')
    const attributes = record('odd_names').attributes as { key: string }[]
    expect(attributes.map(({ key }) => key).toSorted()).toEqual(
      Object.keys(written)
        .filter(
          (key) =>
            !['timestamp', 'level', 'logger', 'event', 'service', 'environment', 'instance'].includes(key),
        )
        .flatMap((key) => (key === 'error' ? ['exception.message', 'exception.type'] : [key]))
        .toSorted(),
    )
    expect(attributes.length).toBeGreaterThanOrEqual(4)
  })

  it('is the same where log.keys renames the keys of the line', async () => {
    const keys = {
      timestamp: 'time',
      level: 'severity',
      event: 'message',
      logger: 'name',
      service: 'app',
      trace_id: 'dd.trace_id',
      span_id: 'dd.span_id',
      request_id: 'rid',
    }
    app = sending(collector.endpoint, {}, { log: { keys }, service: 'renamed' })
    log.warning('renamed_line', { level: 'mine' })
    await flushOtlp()
    const one = record('renamed_line')
    expect(one).toMatchObject({ severityNumber: 13, severityText: 'warning', eventName: 'renamed_line' })
    expect(one.timeUnixNano).toMatch(/^\d{16}000$/)
    expect(attributesOf(one.attributes)).toEqual({ level: 'mine' })
  })
})

it('leaves where its level is written, and only there', async () => {
  app = sending(collector.endpoint, {}, { log: { level: 'warning' } })
  log.info('not_written')
  log.warning('written')
  await flushOtlp()
  expect(collector.logs.map(({ eventName }) => eventName)).toEqual(['written'])
})

it('sends none where logs: false, spans all the same', async () => {
  app = sending(collector.endpoint, { logs: false })
  log.info('kept_here')
  await flushOtlp()
  expect(collector.received).toEqual([])
})

it('counts lines that find no room, and sends the others', async () => {
  const before = droppedOf('log', 'otlp_queue_full')
  app = sending(collector.endpoint, {
    maxQueueChars: 2000,
    scheduleDelayMs: 100_000,
    maxBatch: 1000,
    traces: false,
  })
  const line = 'x'.repeat(300)
  for (let i = 0; i < 20; i++) log.info('long_line', { line, i })
  const lengths = app.text
    .split('\n')
    .slice(0, -1)
    .map(({ length }) => length + 1)
  let room = 2000
  const fitting = lengths.filter((length) => room >= length && (room -= length) >= 0).length
  await flushOtlp()
  expect(collector.logs).toHaveLength(fitting)
  expect(fitting).toBeGreaterThan(2)
  expect(droppedOf('log', 'otlp_queue_full') - before).toBe(20 - fitting)
})
