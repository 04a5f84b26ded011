import { afterEach, expect, test } from 'vitest'
import { bindContext, getLogger, type SetupOptions } from '../../src/index.js'
import { openExchanges } from '../../src/http/inflight.js'
import { type Admin, adminStarter } from '../support/admin.js'
import { http } from '../support/apps/http.js'
import { ask } from '../support/client.js'
import { gate, until } from '../support/until.js'

const start = adminStarter()
const log = getLogger('app')
const held = gate()
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  held.open()
  for (const end of ends.splice(0)) await end()
})

/** A request that has raised events of two levels, secrets among them, and now waits. */
async function underWay(options: SetupOptions = {}, id?: string): Promise<{ admin: Admin; id: string }> {
  const admin = await start({ port: 0 }, options)
  const waiting = gate()
  let reached = false
  const app = await http.start({
    act: async () => {
      bindContext({ tenant: 't1' })
      log.debug('cart_read', { items: 3, password: 'S3cretPassw0rd', note: 'token=S3cretT0ken' })
      log.info('cart_priced', { total: 12.5 })
      reached = true
      await waiting.opened
    },
  })
  const answer = ask(app.port, '/do', { headers: id === undefined ? {} : { 'x-request-id': id } })
  ends.push(async () => {
    waiting.open()
    await answer
    await app.close()
  })
  await until('the handler waits', () => reached)
  return { admin, id: [...openExchanges()].at(-1)!.requestId }
}

test('the recent events of a request under way, written or not, redacted', async () => {
  const { admin, id } = await underWay()
  const answer = await admin.ask(`/requests/${id}/events`)
  expect(answer.status).toBe(200)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.body.endsWith('\n')).toBe(true)
  const lines = answer.body.trimEnd().split('\n')
  const common = { request_id: id, logger: 'app', method: 'GET', path: '/do', tenant: 't1' }
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ ...common, level: 'debug', event: 'cart_read', items: 3, recorded: true }),
    expect.objectContaining({ ...common, level: 'info', event: 'cart_priced', total: 12.5 }),
  ])
  expect(answer.body).not.toContain('S3cret')
  // Reading changes neither what is kept nor what is written.
  expect(admin.log.events('cart_read')).toEqual([])
  expect((await admin.ask(`/requests/${id}/events`)).body).toBe(answer.body)
  const used = { control: 'request_events', path: `/requests/${id}/events`, status: 200, peer: '127.0.0.1' }
  expect(admin.log.events('admin_used')).toEqual([
    expect.objectContaining(used),
    expect.objectContaining(used),
  ])
  expect(admin.log.events('admin_used')[0]).not.toHaveProperty('request_id')
})

test("an id of the caller's, escaped or not", async () => {
  const { admin, id } = await underWay({}, 'order:2024~7.a')
  expect(id).toBe('order:2024~7.a')
  for (const path of [id, 'order%3A2024~7.a', encodeURIComponent(id)])
    expect((await admin.ask(`/requests/${path}/events`)).body).toContain('"cart_priced"')
})

test.each([
  '/requests/none-of-this-id/events',
  '/requests/../requests/events',
  '/requests/%ff/events',
  '/requests/%252e%252e%252f/events',
  `/requests/${'x'.repeat(129)}/events`,
  '/requests//events',
  '/requests/__proto__/events',
  '/requests/events',
])('%s is not there', async (path) => {
  const { admin } = await underWay()
  const answer = await admin.ask(path)
  expect(answer.status).toBe(404)
  expect(JSON.parse(answer.body)).toMatchObject({ error: expect.stringMatching(/^no/) as string })
})

test('of many requests with one id those that began first are shown', async () => {
  const admin = await start()
  const waiting = gate()
  let reached = 0
  const app = await http.start({
    act: async (n) => {
      log.info('begun', { n })
      reached++
      await waiting.opened
    },
  })
  const headers = { 'x-request-id': 'the-same-id' }
  const answers = Array.from({ length: 20 }, (_, n) => ask(app.port, `/do?n=${n}`, { headers }))
  ends.push(async () => {
    waiting.open()
    await Promise.all(answers)
    await app.close()
  })
  await until('all wait', () => reached === 20)
  const { body } = await admin.ask('/requests/the-same-id/events')
  expect(body.trimEnd().split('\n')).toHaveLength(16)
})

test('a request that has ended is no longer there', async () => {
  const { admin, id } = await underWay()
  for (const end of ends.splice(0)) await end()
  expect((await admin.ask(`/requests/${id}/events`)).status).toBe(404)
})

test('without a recorder there is nothing to read, and that is said', async () => {
  const { admin, id } = await underWay({ log: { recorder: false } })
  const answer = await admin.ask(`/requests/${id}/events`)
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    404,
    expect.objectContaining({ error: 'recorder_off' }),
  ])
})

test.each(['PUT', 'POST', 'DELETE'])('%s is not allowed', async (method) => {
  const { admin, id } = await underWay()
  const answer = await admin.ask(`/requests/${id}/events`, { method })
  expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD'])
})
