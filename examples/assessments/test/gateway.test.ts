import { expect, test } from 'vitest'
import { startEntry } from './harness/entry.js'
import { eventually } from './harness/eventually.js'

const CHARGE = { amount: 100, currency: 'EUR', card_number: '4242424242424242', cvv: '123' }

async function start(env: Record<string, string>) {
  const gateway = startEntry('gateway/gateway', { PORT: '0', LOG_FORMAT: 'json', ...env })
  const ready = await gateway.line('ready', (line) => line['ready'] === true)
  const url = String(ready['url'])
  const charge = async (body: unknown = CHARGE, more: Record<string, string> = {}): Promise<number> => {
    const headers = { 'content-type': 'application/json', ...more }
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return (await fetch(`${url}/charges`, { method: 'POST', headers, body: text })).status
  }
  const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text()
  return { gateway, url, charge, metrics }
}

test('a charge asked for again under its key is answered as before, and not made twice', async () => {
  const { gateway, charge, metrics } = await start({ DECLINE_RATE: '0', FAIL_RATE: '0', TIMEOUT_RATE: '0' })
  for (const key of ['a', 'a', 'b']) expect(await charge(CHARGE, { 'idempotency-key': key })).toBe(200)
  expect(await metrics()).toContain('charges_total{outcome="paid"} 2\n')
  expect(await gateway.end()).toBe(0)
})

test('the same seed makes the same outcomes', async () => {
  const series = async (seed: string): Promise<number[]> => {
    const { gateway, charge } = await start({
      SEED: seed,
      DECLINE_RATE: '0.3',
      FAIL_RATE: '0.3',
      TIMEOUT_RATE: '0',
    })
    const statuses: number[] = []
    for (let count = 0; count < 20; count++) statuses.push(await charge())
    expect(await gateway.end()).toBe(0)
    return statuses
  }
  const first = await series('7')
  expect([...new Set(first)].toSorted()).toEqual([200, 402, 500])
  expect(await series('7')).toEqual(first)
  expect(await series('8')).not.toEqual(first)
})

test('what is no charge is refused; what is under way at SIGTERM is answered', async () => {
  const { gateway, url, charge, metrics } = await start({
    DECLINE_RATE: '0',
    FAIL_RATE: '0',
    TIMEOUT_RATE: '1',
    LATE_MS: '1000',
  })
  expect(await charge('{"amount":')).toBe(400)
  expect(await charge({ amount: 'much' })).toBe(400)
  expect(await charge({ ...CHARGE, note: 'x'.repeat(64 * 1024) })).toBe(413)
  expect((await fetch(`${url}/nowhere`)).status).toBe(404)
  const skipped = (): unknown[] =>
    gateway.lines.filter((line) => String(line['event']).endsWith('_skipped')).map((line) => line['reason'])
  await eventually('every refusal said', () => skipped().length === 4)
  expect(skipped()).toEqual(['malformed_body', 'malformed_body', 'body_too_large', 'not_found'])
  const late = charge()
  await eventually('the charge read', async () =>
    (await metrics()).includes('charges_total{outcome="late"} 1'),
  )
  const code = gateway.end('SIGTERM')
  expect(await late).toBe(200)
  expect(await code).toBe(0)
})
