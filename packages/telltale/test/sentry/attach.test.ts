import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attachSentry } from '../../src/sentry/index.js'
import { Child, endChildren } from '../support/child.js'
import type { Json } from './envelope.js'
import { Ingest } from './ingest.js'

let ingest: Ingest

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  endChildren()
  await ingest.close()
})

async function run(name: string, way: string): Promise<Child> {
  const child = new Child('sentry-attach.mjs', [name, way], { SENTRY_DSN: ingest.dsn })
  expect(await child.ended).toEqual({ code: ['throw', 'reject'].includes(way) ? 1 : 0, signal: null })
  return child
}

const messages = (event: Json): string[] => event['exception'].values.map(({ value }: Json) => value)

describe.each(['sentry-10', 'sentry-11'])('beside %s', (name) => {
  it.each(['errors', 'traces'])('an error is one event, whichever side saw it first: %s', async (way) => {
    const child = await run(name, way)
    expect(ingest.events.map(messages)).toEqual([
      ['no such thing', 'beyond reach'],
      ['no such thing', 'beyond reach'],
    ])
    const lines = child.lines.filter(({ event }) => event === 'failed')
    for (const [index, { tags, contexts, fingerprint, user, release }] of ingest.events.entries()) {
      const line = lines[index]!
      expect(tags).toMatchObject({
        request_id: line['request_id'],
        trace_id: line['trace_id'],
        route: '/:way',
      })
      expect(contexts.trace).toMatchObject({ trace_id: line['trace_id'] })
      expect(fingerprint).toEqual([line['error_fingerprint']])
      expect(user.id).toBe('u_18')
      // As the SDK was set up.
      expect(release).toBe('own@2.0.0')
    }
    const [ours, theirs] = ingest.events as [Json, Json]
    expect(ours['tags']).toMatchObject({ logger: 'app', event: 'failed' })
    expect(ours['breadcrumbs'][0]).toMatchObject({ category: 'app', message: 'before' })
    expect(theirs['tags'].logger).toBeUndefined()
  })

  it("its traces are sampled as it was told, and have the log's ids", async () => {
    const child = await run(name, 'traces')
    const spans: Json[] = [
      ...ingest.items('transaction').map(({ contexts }) => contexts.trace as Json),
      ...ingest.items('span').flatMap(({ items }) => items as Json[]),
    ]
    const ofLog = child.lines
      .filter(({ event }) => event === 'request_completed')
      .map((line) => line['trace_id'])
    expect(ofLog).toHaveLength(2)
    expect(spans.map(({ trace_id: id }) => id)).toEqual(expect.arrayContaining(ofLog))
  })

  it('nothing of a secret arrives in any item', async () => {
    const { stdout } = await run(name, 'secrets')
    expect(stdout).toContain('"event":"message_captured"')
    const types = new Set(
      ingest.received.flatMap(({ envelope }) => envelope.items.map(({ header }) => header['type'])),
    )
    expect([...types]).toEqual(expect.arrayContaining(['event', 'log', 'trace_metric']))
    expect(types.has('transaction') || types.has('span')).toBe(true)
    expect(types.has('attachment')).toBe(false)
    const event = ingest.events.find(({ exception }) => exception !== undefined)!
    // What it was about is there.
    expect(event['extra'].deep).toEqual({ secret: '[REDACTED]' })
    expect(event['breadcrumbs'].map(({ message }: Json) => message)).toContain(
      'select * from users where name = ?',
    )
    expect(event['exception'].values.at(-1).stacktrace.frames.at(-1).context_line).toContain('new Error(`…')
    for (const { text } of ingest.received)
      expect(text).not.toMatch(/S3cretC4nary|4111111111111111|person@example\.com|203\.0\.113\.7/)
  })

  it('nothing of a secret arrives from what it instruments, or is told of statements', async () => {
    await run(name, 'instrumented')
    const spans = [
      ...ingest.items('transaction').flatMap((each) => each['spans'] as Json[]),
      ...ingest.items('span').flatMap(({ items }) => items as Json[]),
    ]
    // It was there: two calls, their server's side being no span of theirs, six by hand, one of a model.
    expect(spans.length).toBeGreaterThanOrEqual(9)
    const all = ingest.received.map(({ text }) => text).join('')
    for (const kept of [
      'orders',
      'm-1',
      'select a from t where b = ? and c = ? and d = ?',
      'no rows: select',
    ])
      expect(all).toContain(kept)
    for (const value of ['said of it', 'said by us'])
      expect(ingest.events.map((event) => event['exception']?.values.at(-1).value)).toContain(value)
    expect(all.match(/.{0,80}S3cretC4nary|203\.0\.113\.7|person@example\.com/g)).toBeNull()
  })

  it('a tenth of the traces is sent where it was told so', async () => {
    await run(name, 'sampled')
    const roots = [
      ...ingest.items('transaction'),
      ...ingest.items('span').flatMap(({ items }) => (items as Json[]).filter((each) => each['is_segment'])),
    ]
    // Of 1,000 with a chance of 0.1 each: fewer than 55 or more than 150 come less than once in a million runs.
    expect(roots.length).toBeGreaterThanOrEqual(55)
    expect(roots.length).toBeLessThanOrEqual(150)
  })

  it.each(['throw', 'reject'])('what nobody catches is one event, and ends the process: %s', async (way) => {
    await run(name, way)
    expect(ingest.events.map(messages)).toEqual([['beyond reach']])
    expect(ingest.event['level']).toBe('fatal')
  })
})

it.each<[sdk: unknown, said: string]>([
  [{}, 'attachSentry() takes the SDK itself'],
  [undefined, 'attachSentry() takes the SDK itself'],
  [{ getClient: () => undefined, captureEvent: () => '' }, 'call Sentry.init() before it'],
  [{ getClient: () => ({}), captureEvent: () => '' }, '@sentry/node 10 or 11'],
])('what is no such SDK is refused: %j', (sdk, said) => {
  expect(() => attachSentry(sdk as never)).toThrow(said)
})
