import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isEnd, startBackend, untilReady, type Backend } from './harness/backend.js'
import { startEmbedded, type Database } from './harness/database.js'
import { eventually } from './harness/eventually.js'
import { start } from './harness/learner.js'

const PAYMENTS = 20
const READERS = 10
const PAYMENT = JSON.stringify({ amount: 100, currency: 'EUR', card_number: '4242424242424242', cvv: '123' })

let database: Database
let backend: Backend

beforeEach(async () => {
  database = await startEmbedded()
  // Every payment waits for a gateway that is silent, and so is under way when the signal comes.
  const silent = { DECLINE_RATE: '0', FAIL_RATE: '0', TIMEOUT_RATE: '1', PAYMENT_TIMEOUT_MS: '4000' }
  backend = await startBackend(database.url, silent)
  await untilReady(backend, 200)
}, 90_000)
afterEach(async () => {
  await backend?.stop()
  await database?.stop()
})

test(
  'SIGTERM under load: what was read is answered in full and has its line',
  { timeout: 90_000 },
  async () => {
    const { service } = backend
    const { path } = await start(backend)
    const before = service.lines.length
    const agent = new Agent({ keepAlive: true })
    const answered = new Map<string, number>()
    const send = (method: string, to: string, body?: string): Promise<void> => {
      const id = randomUUID()
      return new Promise((done) => {
        const headers = { 'x-request-id': id, ...(body ? { 'content-type': 'application/json' } : {}) }
        const sent = request(backend.url + to, { method, agent, headers }, (response) => {
          response.resume().on('close', () => {
            if (response.complete) answered.set(id, response.statusCode ?? 0)
            done()
          })
        })
        sent.on('error', () => done())
        sent.end(body)
      })
    }

    let open = true
    void service.exited.then(() => {
      open = false
    })
    const readers = Array.from({ length: READERS }, async () => {
      while (open) await send('GET', path)
    })
    await eventually('reads answered', () => answered.size > READERS * 10)
    const payments = Array.from({ length: PAYMENTS }, () => send('POST', `${path}/pay`, PAYMENT))
    await eventually('all payments under way', async () => {
      return (await backend.metric('http_requests_in_progress', { method: 'POST' })) === PAYMENTS
    })

    expect(await service.end('SIGTERM')).toBe(0)
    await Promise.all([...payments, ...readers])
    agent.destroy()

    const ended = service.lines.slice(before).filter((line) => isEnd(line) && line['path'] !== '/metrics')
    const statuses = new Map(ended.map((line) => [line['request_id'], line['status']]))
    expect(statuses.size).toBe(ended.length)
    expect(statuses).toEqual(answered)
    expect([...answered.values()].filter((status) => status === 502)).toHaveLength(PAYMENTS)
  },
)
