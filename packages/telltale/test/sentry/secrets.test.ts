import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindContext, getLogger, secret } from '../../src/index.js'
import {
  captureException,
  captureMessage,
  flushSentry,
  type SentryEvent,
  setUser,
  withScope,
} from '../../src/sentry/index.js'
import type { Capture } from '../support/capture.js'
import type { Json } from './envelope.js'
import { Ingest } from './ingest.js'
import { reporting, request } from './running.js'

let ingest: Ingest
let app: Capture

beforeEach(async () => (ingest = await new Ingest().open()))
afterEach(async () => {
  await app.telltale.shutdown()
  await ingest.close()
})

const canary = 'S3cretC4nary'
const card = '4111111111111111'

class Refused extends Error {
  readonly request = { headers: { authorization: `Bearer ${canary}` }, body: canary }
  readonly password = canary
}

it('nothing of a secret arrives, wherever it was', async () => {
  const release = `r1 token=${canary}`
  app = reporting(
    ingest,
    {
      release,
      beforeSend: (event) => ({ ...event, extra: { apiKey: canary, card, list: [{ ssn: canary }] } }),
    },
    {
      service: `svc password=${canary}`,
      instance: `postgres://u:${canary}@db/x`,
      log: { capture: { console: true } },
    },
  )
  const log = getLogger('app')
  await request(
    (_req, res) => {
      bindContext({ user_id: 'u_1', session_token: canary, note: `api_key=${canary}` })
      setUser({ email: `person+${canary}@example.com` })
      log.debug('logged_in', {
        password: canary,
        nested: { secret: canary },
        url: `https://u:${canary}@h/?token=${canary}`,
      })
      log.info(`password=${canary}`)
      // eslint-disable-next-line no-console
      console.log(`Authorization: Bearer ${canary}`)
      const local = canary
      const cause = new Refused(`connect postgres://user:${local}@host/db`, {
        cause: new Error(`Bearer ${canary}abcdefgh`),
      })
      log.exception(
        'failed',
        new AggregateError([new Refused(`card ${card}`)], `password=${local}`, { cause }),
        {
          cvv: 123,
          token: canary,
          headers: { cookie: `sid=${canary}`, 'x-api-key': canary },
          wrapped: secret(canary),
        },
      )
      withScope((scope) => {
        scope.setTag('api_key', canary)
        scope.setTag('note', `token=${canary}`)
        scope.setContext('auth', { token: canary, deep: { password: canary } })
        scope.setContext('password', { plain: canary })
        captureException(new Refused('by hand'), {
          tags: { secret: canary },
          contexts: { request: { headers: [['authorization', canary]], cookie: canary } },
        })
        captureMessage(`password=${canary}`)
      })
      res.writeHead(500).end()
    },
    `/reset?token=${canary}&email=person@example.com`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${canary}`, cookie: `sid=${canary}`, 'x-custom-ssn': canary },
      body: JSON.stringify({ password: canary }),
    },
  )
  await flushSentry()
  expect(ingest.events.length).toBeGreaterThanOrEqual(3)
  for (const { text, url, headers } of ingest.received) {
    const all = text + url + JSON.stringify(headers)
    expect(all).not.toContain(canary)
    expect(all).not.toContain(card)
    expect(all).not.toContain('person@example.com')
  }
})

describe.each([
  ['as they are', undefined],
  ['seen by beforeSend', (event: SentryEvent) => event],
])('events %s', (_what, beforeSend) => {
  const quoted = [`'${canary}'`, `"${canary}"`, `'it''s ${canary}'`, `'\\'${canary}'`, `$$${canary}$$`]

  it.each(quoted)('have no literal of a statement: %s', async (literal) => {
    app = reporting(ingest, beforeSend === undefined ? {} : { beforeSend })
    const sql = `insert into users (name, note) values (${literal}, 'x')`
    await request((_req, res) => {
      getLogger('db').info('asked', { sql, statement: `select 1 where a = '${canary}'`, note: `ran ${sql}` })
      bindContext({ last: { query: sql } })
      withScope((scope) => {
        scope.setTag('ran', sql)
        scope.setContext('db', { query: sql, said: [`failed: ${sql}`] })
        getLogger('db').exception('failed', new Error('named'), {
          request: { sql },
          transaction: { note: sql },
        })
        const error = new Error(`Failed query: ${sql}\nparams: ${canary}`, { cause: new Error(`in: ${sql}`) })
        captureException(error, { tags: { sql }, contexts: { more: { sql } } })
      })
      captureMessage(`slow: ${sql}`)
      res.end()
    })
    await flushSentry()
    expect(ingest.events).toHaveLength(3)
    for (const { text } of ingest.received) expect(text).not.toContain(canary)
    expect(ingest.received[0]!.text).toMatch(/insert into users/)
  })

  it('have no literal of a line of code', async () => {
    app = reporting(ingest, beforeSend === undefined ? {} : { beforeSend }, { errors: { sourceLines: 3 } })
    const fail = (key: string): never => {
      const login = (..._secrets: unknown[]): boolean => key === ''
      if (login('S3cretC4nary', 'S3cretC4nary')) login(`S3cretC4nary ${key} S3cretC4nary`)
      if (key) /S3cretC4nary/.test(key)
      throw new RangeError('beyond reach') // S3cretC4nary
    }
    try {
      fail('key')
    } catch (error) {
      captureException(error)
    }
    await flushSentry()
    const frames: Json[] = ingest.event['exception'].values[0].stacktrace.frames
    const lines = frames.at(-1)!
    expect(lines['context_line']).toMatch(/throw new RangeError\('…'\)/)
    expect(lines['pre_context'].join('\n')).toContain('login(')
    expect(ingest.received[0]!.text).not.toContain(canary)
  })
})

it('what the policy is told to hide is hidden here, too', async () => {
  app = reporting(ingest, { pii: true }, { redact: { keys: ['tenant'], pii: true } })
  await request((_req, res) => {
    bindContext({ tenant: canary })
    setUser({ id: 'u_1', email: 'person@example.com' })
    captureException(new Error('mail to person@example.com'), { tags: { tenant: canary } })
    res.end()
  })
  await flushSentry()
  expect(ingest.event['user'].id).toBe('u_1')
  for (const { text } of ingest.received) {
    expect(text).not.toContain(canary)
    expect(text).not.toContain('person@example.com')
  }
})
