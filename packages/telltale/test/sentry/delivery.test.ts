import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { captureException, captureMessage, flushSentry } from '../../src/sentry/index.js'
import { getLogger, type SentryOptions, setup, type Telltale } from '../../src/index.js'
import { until } from '../support/until.js'
import type { Json } from './envelope.js'
import { hangUp, Ingest, silence, status } from './ingest.js'
import { handOut, lost, report, reportMany } from './reported.js'

let ingest: Ingest
let telltale: Telltale | undefined
let text = ''

beforeEach(async () => {
  text = ''
  ingest = await new Ingest().open()
})
afterEach(async () => {
  // What a silent server holds ends with its connections.
  await ingest.close()
  await telltale?.shutdown()
  telltale = undefined
})

function start(sentry: SentryOptions = {}): void {
  telltale = setup({
    service: 'whole',
    environment: 'test',
    log: { sinks: [{ write: (line) => void (text += line) }] },
    lifecycle: { signals: false, flushTimeoutMs: 5000 },
    sentry: { dsn: ingest.dsn, ...sentry },
  })
}

/** The events that the log says were not sent. */
function named(): Json[] {
  const lines = text.split('\n').filter((each) => each.includes('errors_not_sent'))
  return lines.map((line) => JSON.parse(line) as Json)
}

/** How much more was lost since. */
function losses(...reasons: string[]): () => number[] {
  const before = reasons.map(lost)
  return () => reasons.map((reason, index) => lost(reason) - before[index]!)
}

it('what is reported after a shutdown is counted, until setup() comes again', async () => {
  start()
  await telltale!.shutdown()
  const more = losses('after_shutdown')
  getLogger('app').exception('failed', new Error('late'))
  captureException(new Error('late, by hand'))
  captureMessage('late, too')
  expect(more()).toEqual([3])
  start({ dsn: '' })
  getLogger('app').exception('failed', new Error('wanted by nobody'))
  captureMessage('nor is this')
  expect(more()).toEqual([3])
  expect(ingest.events).toEqual([])
})

describe('an event', () => {
  it('is posted to its project, with the key in a header and not in the URL', async () => {
    start()
    const sent = report()
    handOut(sent)
    await ingest.has(1)
    const [{ url, headers, envelope }] = ingest.received as [Ingest['received'][0]]
    expect(url).toBe('/api/42/envelope/')
    expect(headers['x-sentry-auth']).toContain('sentry_key=publickey')
    expect(headers['content-type']).toBe('application/x-sentry-envelope')
    expect(envelope.header['event_id']).toBe(sent.id)
  })

  it('is compressed where that makes it shorter', async () => {
    start()
    handOut(report({ fields: { note: 'a'.repeat(20_000) } }))
    handOut(report())
    await ingest.has(2)
    const lengths = ingest.received.map(
      ({ headers, text: sent }) => [headers['content-encoding'], sent.length] as const,
    )
    for (const [encoding, length] of lengths) expect(encoding).toBe(length >= 16_384 ? 'gzip' : undefined)
    expect(lengths.map(([encoding]) => encoding)).toContain('gzip')
  })

  it('that is too large for the server goes without breadcrumbs and fields', async () => {
    start()
    handOut(report({ fields: { note: 'ä'.repeat(600_000) } }))
    await ingest.has(1)
    expect(ingest.event['contexts'].fields).toBeUndefined()
    expect(ingest.event['tags'].cut).toContain('too large')
  })

  it('that a hook makes too large goes with what is essential', async () => {
    start({ beforeSend: (event) => ({ ...event, extra: { note: Array(2000).fill('ä'.repeat(500)) } }) })
    const sent = report()
    handOut(sent)
    await flushSentry()
    expect(ingest.received[0]!.text.length).toBeLessThan(1_000_000)
    expect(ingest.event).toMatchObject({
      event_id: sent.id,
      fingerprint: [sent.fingerprint],
      exception: { values: [{ type: 'PaymentError', value: 'refused' }] },
    })
    expect(ingest.event['extra']).toBeUndefined()
    expect(ingest.event['tags'].cut).toContain('too large')
  })

  it('that a hook makes too large in its exception is cut there, too', async () => {
    const value = { type: 'Big', value: 'ä'.repeat(4000), module: Array(100).fill('x'.repeat(10_000)) }
    start({ beforeSend: (event) => ({ ...event, exception: { values: [value as never] } }) })
    handOut(report())
    await flushSentry()
    expect(ingest.event['exception'].values).toMatchObject([{ type: 'Big' }])
  })

  it.each<[what: string, odd: object]>([
    ['no message', { message: null }],
    [
      'values that are none',
      { exception: { values: [null, 'x', { module: Array(100).fill('x'.repeat(16_000)) }] } },
    ],
    ['tags that are none', { tags: 'x', contexts: 'x' }],
    [
      'nothing it needs',
      { tags: null, contexts: null, fingerprint: null, exception: null, breadcrumbs: null },
    ],
  ])('that a hook makes too large and odd is sent all the same: %s', async (_what, odd) => {
    const big = { extra: { note: Array(100).fill('ä'.repeat(8000)) } }
    start({ beforeSend: (event) => ({ ...event, ...big, ...odd }) as never })
    const since = losses('internal_sdk_error')
    const sent = report()
    handOut(sent)
    await flushSentry()
    expect(since()).toEqual([0])
    expect(ingest.event).toMatchObject({ event_id: sent.id, level: 'error' })
  })

  it('that a hook changes is changed for Sentry alone', async () => {
    start({
      beforeSend(event) {
        delete event.contexts!['fields']!['order']
        delete (event.contexts!['fields']!['nested'] as Json)['a']
        return event
      },
    })
    const sent = report({ fields: { order: 5, nested: { a: 1 } } })
    handOut(sent)
    await flushSentry()
    expect(ingest.event['contexts'].fields).toEqual({ nested: {} })
    expect(sent.fields).toEqual({ order: 5, nested: { a: 1 } })
  })

  it('goes out on shutdown', async () => {
    start()
    handOut(report())
    await telltale!.shutdown()
    expect(ingest.events).toHaveLength(1)
  })
})

describe('of one kind', () => {
  it('ten pass at once, the others are counted here and told to the server', async () => {
    start()
    const since = losses('sample_rate')
    for (let i = 0; i < 50; i++) handOut(report({ fingerprint: 'f'.repeat(16) }))
    handOut(report())
    await flushSentry()
    expect(ingest.events).toHaveLength(11)
    expect(since()).toEqual([40])
    expect(ingest.discarded).toEqual([{ reason: 'sample_rate', category: 'error', quantity: 40 }])
  })

  it('all pass where the service wants it', async () => {
    start({ flood: false })
    for (let i = 0; i < 50; i++) handOut(report({ fingerprint: 'f'.repeat(16) }))
    await flushSentry()
    expect(ingest.events).toHaveLength(50)
  })
})

describe('what can wait', () => {
  it('is bounded, what is under way included, and what is beyond is counted exactly', async () => {
    ingest.behave = silence
    start({ maxQueue: 20 })
    const since = losses('queue_overflow')
    reportMany(1000)
    await until('some are under way', () => ingest.received.length === 4)
    reportMany(500)
    expect(since()).toEqual([1480])
    await ingest.close()
    // What it has read and not answered comes again.
    ingest.received.length = 0
    ingest.first()
    await ingest.open()
    await flushSentry()
    expect(new Set(ingest.events.map(({ event_id: id }) => id)).size).toBe(20)
    const told = ingest.discarded.map(({ quantity }) => Number(quantity))
    expect(told.reduce((sum, each) => sum + each, 0)).toBe(1480)
  })
})

describe('a server', () => {
  it.each([
    ['that breaks off', hangUp],
    ['that fails', status(503)],
  ])('%s is asked once more', async (_what, first) => {
    start()
    ingest.first(first)
    const since = losses('network_error', 'send_error')
    const sent = report()
    handOut(sent)
    await ingest.has(2)
    await flushSentry()
    expect(ingest.events.map(({ event_id: id }) => id)).toEqual([sent.id, sent.id])
    expect(since()).toEqual([0, 0])
  })

  it.each([
    ['that breaks off twice', hangUp, 'network_error', 2],
    ['that fails twice', status(500), 'send_error', 2],
    ['that refuses', status(400), 'send_error', 1],
  ])('%s is not asked again, and told later', async (_what, behave, reason, times) => {
    start()
    ingest.first(...Array.from({ length: times }, () => behave))
    const since = losses(reason)
    handOut(report())
    await until(`it is lost`, () => since()[0] === 1)
    expect(ingest.received).toHaveLength(times)
    handOut(report())
    await ingest.has(times + 1)
    expect(ingest.discarded).toEqual([{ reason, category: 'error', quantity: 1 }])
  })

  it('that is down does not hold a shutdown up, and the log names the events', async () => {
    start()
    const since = losses('network_error')
    await ingest.close()
    const sent = reportMany(10)
    await telltale!.shutdown()
    expect(since()).toEqual([10])
    const [{ count, event_ids: ids }, ...more] = named() as [Json]
    expect([count, more]).toEqual([10, []])
    expect([...ids].sort()).toEqual(sent.map(({ id }) => id).sort())
    await ingest.open()
  })

  it.each([
    ['refuses', status(400), 'answers 400'],
    ['fails', status(500), 'answers 500'],
    ['has its limits', status(429), 'answers 429'],
    ['breaks off', hangUp, "can't be reached"],
  ])('that %s has its losses named in the log by a flush', async (_what, behave, reason) => {
    ingest.behave = behave
    start()
    const { id } = report()
    handOut(report({ id }))
    await flushSentry()
    expect(named()).toMatchObject([{ level: 'warning', count: 1, event_ids: [id] }])
    expect(named()[0]!['reason']).toContain(reason)
  })

  it('that is away for long is one line for each reason', async () => {
    ingest.behave = status(400)
    start()
    const sent = reportMany(90)
    await until('all are lost', () => ingest.received.length === 90)
    await flushSentry()
    expect(named()).toMatchObject([{ count: 90 }])
    expect(new Set(named()[0]!['event_ids'])).toEqual(new Set(sent.map(({ id }) => id)))
  })

  it('that asks to be spared as it fails is not asked once more', async () => {
    ingest.behave = status(503, { 'retry-after': '60' })
    start()
    reportMany(1)
    await flushSentry()
    reportMany(1)
    await flushSentry()
    expect(ingest.received).toHaveLength(1)
  })

  it('gets nothing once a shutdown is over', async () => {
    const late: (() => void)[] = []
    ingest.behave = (response) => void late.push(() => response.destroy())
    telltale = setup({
      log: { sinks: [{ write: (line) => void (text += line) }] },
      lifecycle: { signals: false, flushTimeoutMs: 50 },
      sentry: { dsn: ingest.dsn },
    })
    for (let i = 0; i < 8; i++) handOut(report({ fields: { note: randomBytes(15_000).toString('hex') } }))
    await until('some are under way', () => ingest.received.length === 4)
    await telltale.shutdown()
    expect(named()).toMatchObject([{ count: 8 }])
    for (const end of late) end()
    // What was to be posted again would come before this.
    ingest.first()
    start()
    const other = report()
    handOut(other)
    await flushSentry()
    const after = ingest.events.slice(4).map(({ event_id: id }) => String(id))
    expect(after).toEqual([other.id])
  })

  it('that stands still holds flushSentry() no longer than a shutdown', async () => {
    ingest.behave = silence
    telltale = setup({
      log: { sinks: [{ write: (line) => void (text += line) }] },
      lifecycle: { signals: false, flushTimeoutMs: 50 },
      sentry: { dsn: ingest.dsn },
    })
    reportMany(1)
    await flushSentry()
    expect(ingest.received.length).toBeLessThanOrEqual(1)
  })

  it('that stands still does so for as long as a shutdown may take, and the log names the events', async () => {
    ingest.behave = silence
    telltale = setup({
      log: { sinks: [{ write: (line) => void (text += line) }] },
      lifecycle: { signals: false, flushTimeoutMs: 100 },
      sentry: { dsn: ingest.dsn },
    })
    const sent = reportMany(6)
    await telltale.shutdown()
    const line = text.split('\n').find((each) => each.includes('errors_not_sent'))
    expect(JSON.parse(line!)).toMatchObject({
      level: 'warning',
      count: 6,
      event_ids: sent.map(({ id }) => id),
    })
  })
})

describe('limits', () => {
  it('for errors are kept to, and what they cost is counted and told afterwards', async () => {
    start()
    ingest.first(status(429, { 'x-sentry-rate-limits': '1:error;default:organization' }))
    const since = losses('rejected', 'ratelimit_backoff')
    handOut(report())
    await until('it is refused', () => since()[0] === 1)
    reportMany(3)
    await until('the limit is kept to', () => since()[1] === 3)
    expect(ingest.events).toHaveLength(1)
    await until('the limit is over', () => {
      if (ingest.events.length === 1) reportMany(1)
      return ingest.events.length > 1
    })
    expect(ingest.discarded[0]).toMatchObject({ reason: 'ratelimit_backoff', category: 'error' })
  })

  it.each([
    ['of other data are none for errors', { 'x-sentry-rate-limits': '60:transaction;span:organization' }, 2],
    ['of all data are', { 'x-sentry-rate-limits': '60::organization' }, 1],
    ['without categories are', { 'x-sentry-rate-limits': '60' }, 1],
  ])('%s, on a good answer too', async (_what, headers, events) => {
    start()
    ingest.first(status(200, headers))
    reportMany(1)
    await flushSentry()
    reportMany(1)
    await flushSentry()
    expect(ingest.events).toHaveLength(events)
  })

  it.each([
    ['Retry-After', { 'retry-after': '60' }],
    ['nothing', {}],
  ])('of a 429 with %s are for all', async (_what, headers) => {
    start()
    ingest.first(status(429, headers))
    reportMany(1)
    await flushSentry()
    reportMany(1)
    await flushSentry()
    expect(ingest.received).toHaveLength(1)
  })
})
