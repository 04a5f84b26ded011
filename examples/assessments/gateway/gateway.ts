// A payment gateway to call: bare node:http, in a process of its own, unreliable at set rates.
//   node dist/gateway/gateway.js     PORT=0 takes a free port; DECLINE_RATE, FAIL_RATE, TIMEOUT_RATE, LATE_MS, SEED
// One line of stdout is {"ready":true,"url":"http://…"}, the others are its log.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getLogger, setRoute, setup } from 'telltale'
import { observeHttp } from 'telltale/http'
import { numberFrom } from '../src/environment.js'
import { chargeOnce, isCharge } from './charge.js'

const MOST_BODY_BYTES = 64 * 1024

setup({ service: 'payment-gateway' })
const log = getLogger('gateway')

const server = createServer({ requestTimeout: 30_000 }, observeHttp(handle))
server.listen(numberFrom('PORT', 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` })}\n`)
})

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/charges') {
    log.skip('request_skipped', { reason: 'not_found' })
    return send(response, 404, { error: 'not_found' })
  }
  setRoute('/charges')
  const caller = new AbortController()
  response.once('close', () => caller.abort())
  try {
    const text = await readBody(request)
    if (text === undefined) return refuse(response, 413, 'body_too_large')
    const body = parsed(text)
    if (!isCharge(body)) return refuse(response, 400, 'malformed_body')
    const key = request.headers['idempotency-key']
    const answer = await chargeOnce(typeof key === 'string' ? key : undefined, body, caller.signal)
    send(response, answer.status, answer.body)
  } catch (error) {
    if (!caller.signal.aborted && request.errored === null) throw error
    log.skip('charge_skipped', { reason: 'caller_gone' })
  }
}

/** The body, or nothing when it is too long: then the rest is read, so that the answer is, and not kept. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MOST_BODY_BYTES) chunks.push(chunk)
  }
  return size <= MOST_BODY_BYTES ? Buffer.concat(chunks).toString() : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  log.skip('charge_skipped', { reason })
  send(response, status, { error: reason })
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
