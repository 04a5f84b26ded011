import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { counter, flow, getLogger, secret } from '../../src/index.js'
import { flushOtlp } from '../../src/otlp/index.js'
import { withoutSecrets } from '../../src/otlp/discreet.js'
import { reportOnce } from '../../src/self/report.js'
import type { Capture } from '../support/capture.js'
import { Collector, status } from './collector.js'
import { sending } from './running.js'

vi.mock(import('../../src/self/report.js'), () => ({ reportOnce: vi.fn<typeof reportOnce>() }))

let collector: Collector
let app: Capture | undefined

beforeEach(async () => (collector = await new Collector().open()))
afterEach(async () => {
  await app?.telltale.shutdown()
  app = undefined
  await collector.close()
})

const canary = 'S3cretC4nary'

it('no body holds a secret, in any signal', async () => {
  app = sending(
    collector.endpoint,
    { metrics: true },
    { service: `svc token=${canary}`, instance: `postgres://u:${canary}@db/x` },
  )
  const error = Object.assign(new Error(`login failed: password=${canary}`), { token: canary })
  getLogger('app').error('login_failed', {
    error,
    password: canary,
    nested: { api_key: canary, list: [{ secret: canary }] },
    url: `https://u:${canary}@host/?token=${canary}`,
    wrapped: secret(canary),
  })
  counter('logins_total', { help: 'Logins.', labels: { by: String } }).inc({ by: `Bearer ${canary}abcdefgh` })
  await flow('login', { password: canary, note: `api_key=${canary}` }, async (f) => {
    await f.step('check', () => {
      throw error
    })
  }).catch(() => undefined)
  await flushOtlp()
  expect(collector.spans.length).toBeGreaterThanOrEqual(2)
  expect(collector.logs.length).toBeGreaterThanOrEqual(3)
  expect(collector.metrics.length).toBeGreaterThanOrEqual(2)
  for (const { body } of collector.received) expect(body.includes(canary)).toBe(false)
})

it('resource attributes of the environment are screened, and theirs stand behind the identity', async () => {
  vi.stubEnv(
    'OTEL_RESOURCE_ATTRIBUTES',
    `team=payments,api_key=${canary},note=token%3D${canary},service.name=other`,
  )
  app = sending(collector.endpoint, {}, { service: 'mine' })
  getLogger('app').info('said')
  await flushOtlp()
  vi.unstubAllEnvs()
  const [{ body }] = collector.received as [Collector['received'][number]]
  expect(body.includes(canary)).toBe(false)
  expect(body.includes('payments')).toBe(true)
  expect(body.includes('mine')).toBe(true)
  expect(body.includes('other')).toBe(false)
})

describe('what is said of a collector', () => {
  it('names its origin alone, and nothing that it repeats of what it was sent', async () => {
    const url = new URL(collector.endpoint)
    const echoed: string[] = []
    collector.behave = (response, { headers, path }) => {
      echoed.push(String(headers.authorization), path)
      const text = `bad key ${headers['x-key']} and ${headers.authorization} and ${canary}1 at ${path}`
      status(
        401,
        { 'content-type': 'application/json' },
        JSON.stringify({ code: 16, message: text }),
      )(response, null!)
    }
    app = sending(`http://user:${canary}1@${url.host}/${canary}2?key=${canary}3`, {
      headers: { 'x-key': `${canary}4` },
    })
    getLogger('app').info('said')
    await flushOtlp()
    // They were sent …
    expect(echoed.join()).toContain(`${canary}2`)
    expect(echoed[0]).toMatch(/^Basic /)
    // … and are not said.
    const said = vi
      .mocked(reportOnce)
      .mock.calls.map(([, text]) => text)
      .filter((text) => text.includes('refuses'))
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`the collector at ${url.origin} refuses logs`)
    expect(said[0]).toContain('status 401, bad key [REDACTED]')
    expect(said.join()).not.toMatch(/S3cret/)
    expect(app.text).not.toContain(canary)
  })

  it.each([
    ['the header made of user and password', 'http://bob:hunter%402@c/', 'Basic Ym9iOmh1bnRlckAy'],
    ['it without padding', 'http://bob:hunters@c/', 'Ym9iOmh1bnRlcnM'],
    ['it for URLs', 'http://bob:%3F%3F%3Fx%3E%3E@c/', 'Ym9iOj8_P3g-Pg'],
    ['a short password', 'http://bob:pw%21@c/', 'pw! and pw%21'],
    ['a query as it was written', 'http://c/?key=a%2Fb%2Bc%3Dd', 'a%2Fb%2Bc%3Dd and a/b+c=d'],
    ['a path with escapes', 'http://c/tok%2Fsecret1/v1/logs', 'tok%2Fsecret1 and tok/secret1'],
  ])('is without %s', (_what, url, said) => {
    const words = said.split(' and ').length
    const rest = withoutSecrets(said, { headers: {}, url: new URL(url) })
    expect(rest.replace('Basic ', '').match(/\[REDACTED\]/g)).toHaveLength(words)
    expect(rest.replaceAll('[REDACTED]', '')).toMatch(/^(Basic | and )?$/)
  })

  it('is without the credentials that a header has in base64', () => {
    const target = { headers: { authorization: 'Basic Ym9iOmh1bnRlcg==' }, url: new URL('http://c/') }
    expect(withoutSecrets('Ym9iOmh1bnRlcg is bob:hunter, hunter', target)).toBe(
      '[REDACTED] is [REDACTED], [REDACTED]',
    )
    const both = { headers: { 'x-key': 'pw-longer-1' }, url: new URL('http://u:pw@c/') }
    expect(withoutSecrets('pw-longer-1, pw', both)).toBe('[REDACTED], [REDACTED]')
    const short = { headers: { authorization: 'basic dTpwdw==' }, url: new URL('http://c/') }
    expect(withoutSecrets('dTpwdw== is u with pw', short)).toBe('[REDACTED] is u with [REDACTED]')
  })

  it('keeps its words where nothing of it is secret', () => {
    const text = 'connect ECONNREFUSED 127.0.0.1:4318, /v1/traces (a|b)'
    expect(withoutSecrets(text, { headers: {}, url: new URL('http://127.0.0.1:4318/v1/traces') })).toBe(text)
    expect(withoutSecrets(text, { headers: {}, url: new URL('http://u:re@c/') })).toBe(text)
  })

  it('is without the parts of a header as well', () => {
    const target = {
      headers: { authorization: 'Bearer abcdef123' },
      url: new URL('http://u:p%40ssword@c/?k=query1'),
    }
    expect(withoutSecrets('abcdef123 p@ssword p%40ssword query1 Bearer abcdef123 u', target)).toBe(
      '[REDACTED] [REDACTED] [REDACTED] [REDACTED] [REDACTED] u',
    )
  })
})
