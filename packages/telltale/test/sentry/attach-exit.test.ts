import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attachSentry } from '../../src/sentry/index.js'
import { Child, endChildren } from '../support/child.js'
import type { Json } from './envelope.js'
import { Ingest, silence, status } from './ingest.js'

let ingest: Ingest

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  endChildren()
  await ingest.close()
})

const aId: unknown = expect.stringMatching(/^[0-9a-f]{32}$/)
const canary = 'S3cretC4nary'

/** What was under way as the process ended may come twice, under one id. */
const arrived = (): string[] => [...new Set(ingest.events.map(({ event_id: id }) => String(id)))]
const values = (): unknown[] =>
  arrived().map((id) => {
    const { exception, message } = ingest.events.find((event) => event['event_id'] === id)!
    return exception?.values.at(-1).value ?? message
  })

describe.each(['sentry-10', 'sentry-11'])('beside %s', (name) => {
  const start = (way: string, env: NodeJS.ProcessEnv = {}): Child =>
    new Child('sentry-exit.mjs', [name, way], { SENTRY_DSN: ingest.dsn, ...env })

  async function run(way: string, env?: NodeJS.ProcessEnv): Promise<Child> {
    const child = start(way, env)
    expect(await child.ended).toEqual({ code: 3, signal: null })
    return child
  }

  describe('what is reported right before process.exit(3) arrives', () => {
    // Whether the SDK has made the envelope, or has not.
    it.each([
      ['exitOurs', '1'],
      ['exitOurs', '0'],
      ['exitTheirs', '1'],
      ['exitTheirs', '0'],
    ])('%s, at once: %s', async (way, atOnce) => {
      const child = await run(way, { AT_ONCE: atOnce })
      expect(values()).toEqual(['beyond reach'])
      const [{ release, environment, tags, exception }] = ingest.events as [Json]
      expect({ release, environment }).toEqual({ release: 'own@2.0.0', environment: 'proving' })
      expect(tags).toMatchObject(
        way === 'exitOurs' ? { logger: 'app', event: 'failed' } : { gateway: 'north' },
      )
      expect(exception.values.length).toBeLessThanOrEqual(2)
      expect(ingest.received.map(({ text }) => text).join('')).not.toContain(canary)
      expect(child.names).not.toContain('errors_not_sent')
    })

    it('once, whichever side saw it first', async () => {
      await run('exitBoth')
      expect(values()).toEqual(['beyond reach'])
    })

    it('each of several, and a message', async () => {
      await run('exitSeveral')
      expect(values().toSorted()).toEqual(['beyond 0', 'beyond 1', 'said as well'])
    })

    it('where a listener for the exit reports it', async () => {
      await run('exitListeners')
      expect(values().toSorted()).toEqual(['beyond 0', 'beyond 1', 'beyond 2'])
    })

    it('seen by beforeSend, and redacted after it', async () => {
      const { stderr } = await run('exitSeen')
      expect(stderr).toContain('asked: beyond reach')
      expect(ingest.events[0]).toMatchObject({ tags: { seen: 'yes' }, extra: { password: '[REDACTED]' } })
      expect(ingest.received.map(({ text }) => text).join('')).not.toContain(canary)
    })

    it('through a tunnel', async () => {
      const TUNNEL = `${new URL(ingest.dsn).origin}/tunnel`
      await run('exitTunnel', { TUNNEL })
      expect(values()).toEqual(['beyond reach'])
      for (const { url, headers, envelope } of ingest.received) {
        expect(url).toBe('/tunnel')
        expect(headers['x-relay']).toBe('yes')
        expect(envelope.header['dsn']).toBe(ingest.dsn)
      }
    })
  })

  it.each(['exitSent', 'exitRenamed'])('what has been sent is not sent again: %s', async (way) => {
    const { names } = await run(way)
    expect(ingest.events).toHaveLength(1)
    expect(names).not.toContain('errors_not_sent')
  })

  it('no more is kept than the SDK would by default', async () => {
    const child = await run('exitMany')
    expect(child.one('errors_not_sent')['count']).toBe(128)
  })

  it.each(['exitDropped', 'exitIgnored', 'exitUnsampled', 'exitOff', 'exitDroppedBefore'])(
    'what the service does not want sent is not, and no loss: %s',
    async (way) => {
      const { names, stderr } = await run(way)
      expect(
        ingest.received.flatMap(({ envelope }) => envelope.items.map(({ header }) => header['type'])),
      ).not.toContain('event')
      expect(names).not.toContain('errors_not_sent')
      expect(stderr).toBe('')
    },
  )

  it.each([
    ['exitLater', 'needs another turn'],
    ['exitProcessed', 'needs another turn'],
    ['exitMocked', "the service's own transport"],
  ])('what has to be waited for is not sent, and said: %s', async (way, reason) => {
    const child = await run(way)
    expect(ingest.events).toEqual([])
    expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
    expect(child.one('errors_not_sent')['reason']).toContain(reason)
  })

  it('with exitFlushMs 0 nothing is sent, and that is said', async () => {
    const child = await run('exitOurs', { EXIT_FLUSH_MS: '0' })
    expect(ingest.events).toEqual([])
    expect(child.one('errors_not_sent')['reason']).toBe('exitFlushMs is 0')
  })

  describe('with the server down', () => {
    it.each([
      ['exitOurs', 3],
      ['exitTheirs', 3],
      ['end', 4],
      ['throw', 1],
      ['reject', 0],
      ['shutdown', 0],
    ])('the code is kept and the loss is said, at %s', async (way, code) => {
      await ingest.close()
      const child = start(way)
      expect(await child.ended).toEqual({ code, signal: null })
      expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
      await ingest.open()
    })

    it('the code is kept and the loss is said, on SIGTERM', async () => {
      await ingest.close()
      const child = start('signalled')
      await child.says('ready')
      child.kill('SIGTERM')
      expect((await child.ended).code).toBe(0)
      expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
      await ingest.open()
    })
  })

  describe('with a server that stands still', () => {
    it('process.exit() is late by the deadline, and the loss is said', async () => {
      ingest.behave = silence
      const child = await run('exitOurs', { EXIT_FLUSH_MS: '200' })
      expect(ingest.events.length).toBeGreaterThan(0)
      expect(child.one('errors_not_sent')['reason']).toContain('within 200 ms')
    })

    it('listeners for the exit share one deadline', async () => {
      ingest.behave = silence
      const child = await run('exitListeners', { EXIT_FLUSH_MS: '300' })
      const lines = child.lines.filter(({ event }) => event === 'errors_not_sent')
      expect(lines.map(({ event_ids: ids }) => ids)).toEqual([[aId], [aId], [aId]])
      expect(values()).toEqual(['beyond 0'])
    })

    it('what a flush has waited for is not waited for again', async () => {
      ingest.behave = silence
      const child = await run('exitFlushed', { EXIT_FLUSH_MS: '300' })
      expect(ingest.events).toHaveLength(1)
      expect(child.one('errors_not_sent')['reason']).toMatch(/does not answer$/)
    })

    it('an exception ends it all the same, and the loss is said', async () => {
      ingest.behave = silence
      const child = start('throw')
      expect((await child.ended).code).toBe(1)
      expect(ingest.events).toHaveLength(1)
      expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
    })

    // A hook leaves the flush less time than it asks the SDK for.
    it.each(['0', '300'])('SIGTERM ends all the same, and the loss is said; a hook of %s ms', async (ms) => {
      ingest.behave = silence
      const child = start('signalled', { HOOK_MS: ms })
      await child.says('ready')
      child.kill('SIGTERM')
      expect((await child.ended).code).toBe(0)
      expect(ingest.events).toHaveLength(1)
      expect(child.one('errors_not_sent')).toMatchObject({ count: 1, event_ids: [aId] })
    })
  })

  it('what the server refuses is said', async () => {
    ingest.behave = status(429)
    const child = await run('exitSent')
    expect(child.one('errors_not_sent')['reason']).toMatch(/answers 429$/)
  })
})

it.each([-1, NaN, '5', 60_001])('a deadline that is none is refused: %s', (exitFlushMs) => {
  const client = { on: () => undefined, addEventProcessor: () => undefined }
  const sdk = { getClient: () => client, captureEvent: () => '' }
  expect(() => attachSentry(sdk as never, { exitFlushMs } as never)).toThrow(
    'exitFlushMs must be a number of milliseconds from 0 to 60000',
  )
})
