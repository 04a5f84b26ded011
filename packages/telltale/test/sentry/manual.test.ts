import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getLogger, type SentryOptions, setRoute, withContext } from '../../src/index.js'
import {
  captureException,
  captureMessage,
  flushSentry,
  type SentryEvent,
  setUser,
  withScope,
} from '../../src/sentry/index.js'
import type { Capture } from '../support/capture.js'
import { Ingest } from './ingest.js'
import { lost } from './reported.js'
import { reporting, request } from './running.js'

let ingest: Ingest
let app: Capture | undefined

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  await app?.telltale.shutdown()
  app = undefined
  await ingest.close()
})

function start(options: SentryOptions = {}): Capture {
  return (app = reporting(ingest, options))
}

describe('captureException', () => {
  it('sends tags, contexts and level, and logs the error', async () => {
    start()
    const id = captureException(new Error('refused'), {
      tags: { gateway: 'north', attempt: 2 },
      contexts: { order: { id: 'o_1', total: 4200 } },
      level: 'warning',
    })
    await flushSentry()
    expect(ingest.event).toMatchObject({
      event_id: id,
      level: 'warning',
      tags: { gateway: 'north', attempt: '2', event: 'exception_captured' },
      contexts: { order: { id: 'o_1', total: 4200 } },
    })
    expect(app!.one('exception_captured')).toMatchObject({ level: 'warning', error: { message: 'refused' } })
  })

  it('of an error that was reported sends nothing and has no id', async () => {
    start()
    const error = new Error('refused')
    getLogger('app').exception('failed', error)
    expect(captureException(error)).toBeUndefined()
    await flushSentry()
    expect(ingest.events).toHaveLength(1)
  })

  it('without a project does no harm', () => {
    expect(captureException(new Error('refused'))).toBeUndefined()
    expect(captureMessage('said')).toBeUndefined()
    expect(captureException(undefined, { tags: null as never, contexts: 5 as never })).toBeUndefined()
  })
})

describe('captureMessage', () => {
  it('sends a text at its level, with what the request said before', async () => {
    start()
    let id: string | undefined
    await request((_req, res) => {
      setRoute('/')
      getLogger('app').info('before')
      id = captureMessage('the fallback answers', 'warning')
      res.end()
    })
    await flushSentry()
    const event = ingest.event
    expect(event).toMatchObject({
      event_id: id,
      level: 'warning',
      message: { formatted: 'the fallback answers' },
      request: { method: 'GET', url: '/' },
      transaction: 'GET /',
      tags: { route: '/' },
    })
    expect(event['exception']).toBeUndefined()
    expect(event['tags'].request_id).toBe(app!.one('message_captured')['request_id'])
    expect(event['breadcrumbs'].values).toMatchObject([{ message: 'before' }])
  })

  it.each([
    ['fatal', 'critical', 'fatal'],
    ['warn', 'warning', 'warning'],
    ['loud', 'info', 'info'],
    [5, 'info', 'info'],
    [undefined, 'info', 'info'],
    [{ level: 'warning' }, 'warning', 'warning'],
    [{ level: 'loud' }, 'info', 'info'],
    [null, 'info', 'info'],
  ])('of level %j has the same in log and event', async (level, logged, sent) => {
    start()
    captureMessage('the fallback answers', level as never)
    await flushSentry()
    expect(app!.one('message_captured')['level']).toBe(logged)
    expect(ingest.event['level']).toBe(sent)
  })

  it('takes tags and contexts as captureException does', async () => {
    start()
    captureMessage('the fallback answers', { tags: { gateway: 'north' }, contexts: { order: { id: 'o_1' } } })
    await flushSentry()
    expect(app!.one('message_captured')).toMatchObject({ message: 'the fallback answers', gateway: 'north' })
    expect(ingest.event).toMatchObject({ tags: { gateway: 'north' }, contexts: { order: { id: 'o_1' } } })
  })

  it('without a text says so', async () => {
    start()
    captureMessage(undefined as never)
    await flushSentry()
    expect(ingest.event['message'].formatted).toBe('captureMessage() was given no text')
  })

  it('is bounded as failures are', async () => {
    start()
    // Of one kind, whatever varies in it.
    for (let i = 0; i < 30; i++) captureMessage(`user ${i} waits`)
    await flushSentry()
    expect(ingest.events).toHaveLength(10)
    captureMessage('nobody waits')
    await flushSentry()
    expect(ingest.events).toHaveLength(11)
  })
})

describe('withScope', () => {
  it('has tags and contexts for what fails inside it, however late', async () => {
    start()
    await withScope(async (scope) => {
      scope.setTag('gateway', 'north')
      scope.setContext('order', { id: 'o_1' })
      await Promise.resolve()
      withScope((inner) => {
        inner.setTag('gateway', 'south')
        captureException(new Error('inside'))
      })
      getLogger('app').exception('failed', new Error('refused'))
    })
    captureException(new Error('outside'))
    await flushSentry()
    const gateways = ingest.events.map(({ exception, tags }) => [exception.values[0].value, tags.gateway])
    expect(Object.fromEntries(gateways)).toEqual({ inside: 'south', refused: 'north', outside: undefined })
    const refused = ingest.events.find(({ tags }) => tags.gateway === 'north')
    expect(refused!['contexts'].order).toEqual({ id: 'o_1' })
  })

  it('has room for as much as a log line', async () => {
    start()
    const rows = Array.from({ length: 100 }, () => 'x'.repeat(1500))
    withScope((scope) => {
      scope.setContext('first', { rows })
      scope.setContext('first', { rows })
      scope.setContext('second', { rows })
      scope.setContext('third', { small: 1 })
      captureException(new Error('refused'), {
        contexts: { fourth: { rows: [rows, rows] }, fifth: { rows } },
      })
    })
    await flushSentry()
    const { first, second, third, fourth, fifth } = ingest.event['contexts']
    expect([first, fifth]).toEqual([{ rows }, { rows }])
    expect(third).toEqual({ small: 1 })
    for (const { cut } of [second, fourth]) expect(cut).toMatch(/^\d+ characters, and there is room for \d+$/)
  })

  it('returns and throws what its function does', () => {
    expect(withScope(() => 5)).toBe(5)
    expect(() =>
      withScope(() => {
        throw new RangeError('own')
      }),
    ).toThrow('own')
  })

  it.each([undefined, null, {}, 'tags', Symbol('s')])('without a function does nothing: %s', (fn) => {
    expect(withScope(fn as never)).toBeUndefined()
  })
})

describe('setUser', () => {
  const fail = (): void =>
    withContext({}, () => {
      setUser({ id: 18, email: 'person@example.com' })
      withContext({}, () => getLogger('app').exception('failed', new Error('refused')))
    })

  it('binds the id, and keeps the address from log and server', async () => {
    start()
    fail()
    await flushSentry()
    expect(ingest.event['user']).toEqual({ id: '18' })
    expect(ingest.received[0]!.text).not.toContain('person@')
    expect(app!.one('failed')['user_id']).toBe(18)
    expect(app!.text).not.toContain('person@')
  })

  it('of null takes back what was said', async () => {
    start({ pii: true })
    withContext({}, () => {
      setUser({ id: 18, email: 'person@example.com' })
      setUser(null)
      getLogger('app').exception('failed', new Error('refused'))
    })
    await flushSentry()
    expect(ingest.event['user']).toBeUndefined()
  })

  it('keeps an address where the policy hides what is called so', async () => {
    app = reporting(ingest, { pii: true }, { redact: { keys: ['email'] } })
    fail()
    await flushSentry()
    expect(ingest.event['user'].email).toBe('[REDACTED]')
  })

  it('sends the address where the service says so', async () => {
    start({ pii: true })
    fail()
    await flushSentry()
    expect(ingest.event['user']).toEqual({ id: '18', email: 'person@example.com' })
    expect(app!.text).not.toContain('person@')
  })
})

describe('whatever is said', () => {
  const throwing = {
    get level(): never {
      throw new Error('own')
    },
    get tags(): never {
      throw new Error('own')
    },
    get id(): never {
      throw new Error('own')
    },
  }
  const anything = [null, undefined, 5, 'text', 1n, Symbol('s'), Object.create(null), throwing, () => 0]

  it.each(anything)('nothing throws into the code that says it: %#', async (given) => {
    start()
    withContext({}, () => {
      captureException(new Error('hint'), given as never)
      captureException(new Error('inside'), { tags: given, contexts: given, level: given } as never)
      captureException(new Error('deeper'), { tags: { a: given }, contexts: { a: given } } as never)
      captureException(given)
      captureMessage(given as never)
      captureMessage('said', given as never)
      setUser(given as never)
      setUser({ id: given, email: given } as never)
      withScope((scope) => {
        scope.setTag(given as never, 1)
        scope.setTag('a', given)
        scope.setContext('b', given as never)
        captureException(new Error('scope'))
      })
    })
    await flushSentry()
    const values = ingest.events.map((event) => event['exception']?.values.at(-1).value)
    expect(values).toEqual(expect.arrayContaining(['hint', 'inside', 'deeper', 'scope']))
  })

  it('a BigInt is its text', async () => {
    start()
    withScope((scope) => {
      scope.setTag('a', 1n)
      scope.setContext('b', { n: 2n, deep: [{ n: 3n }] })
      captureException(new Error('refused'), { tags: { c: 4n }, contexts: { d: { n: 5n } } })
    })
    await flushSentry()
    expect(ingest.event).toMatchObject({
      tags: { a: '1', c: '4' },
      contexts: { b: { n: '2', deep: [{ n: '3' }] }, d: { n: '5' } },
    })
  })

  it('a BigInt from beforeSend is, too', async () => {
    start({ beforeSend: (event) => ({ ...event, extra: { n: 1n, deep: [{ n: 2n }] } }) })
    captureException(new Error('refused'))
    await flushSentry()
    expect(ingest.event['extra']).toEqual({ n: '1', deep: [{ n: '2' }] })
  })
})

describe('beforeSend', () => {
  const fail = async (): Promise<void> => {
    captureException(new Error('refused'), { tags: { gateway: 'north' } })
    await flushSentry()
  }

  it('sees the event redacted, and what it returns is redacted again', async () => {
    const seen: SentryEvent[] = []
    start({
      beforeSend(event) {
        seen.push(event)
        return { ...event, extra: { password: 'hunter2', note: 'token=abcdefgh1234', team: 'north' } }
      },
    })
    await fail()
    expect(seen[0]!.tags).toMatchObject({ gateway: 'north' })
    expect(ingest.event['extra']).toMatchObject({ password: '[REDACTED]', team: 'north' })
    expect(ingest.received[0]!.text).not.toMatch(/hunter2|abcdefgh1234/)
  })

  it('drops an event, and the server is told', async () => {
    start({ beforeSend: () => null })
    await fail()
    expect(ingest.events).toEqual([])
    expect(ingest.discarded).toEqual([{ reason: 'before_send', category: 'error', quantity: 1 }])
  })

  it('that rejects is no unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const hear = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', hear)
    start({ beforeSend: () => Promise.reject(new Error('own')) as never })
    await fail()
    // Node tells of those of a turn at its end.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', hear)
    expect(unhandled).toEqual([])
    expect(ingest.events).toEqual([])
    expect(lost('callback_error')).toBeGreaterThan(0)
  })

  it('that fails with events of its own writes them, and they are not sent', async () => {
    const before = lost('nested')
    start({
      beforeSend(event) {
        getLogger('app').exception('hook_failed', new Error('own'))
        captureException(new Error('own, by hand'))
        captureMessage('said in the hook')
        return event
      },
    })
    await fail()
    await flushSentry()
    expect(ingest.events.map(({ tags }) => tags.event)).toEqual(['exception_captured'])
    expect(app!.events('hook_failed', 'message_captured')).toHaveLength(2)
    expect(lost('nested')).toBe(before + 3)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('own')
      },
    ],
    ['returns a promise', (event: SentryEvent) => Promise.resolve(event) as never],
    ['returns a text', () => 'event' as never],
  ])('that %s sends nothing, and the server is told', async (_what, beforeSend) => {
    start({ beforeSend })
    await fail()
    expect(ingest.events).toEqual([])
    expect(ingest.discarded).toEqual([{ reason: 'callback_error', category: 'error', quantity: 1 }])
  })
})
