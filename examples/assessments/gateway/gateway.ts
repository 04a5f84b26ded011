// A payment gateway to call: bare node:http, in a process of its own, unreliable at set rates.
//   node dist/gateway/gateway.js     PORT=0 takes a free port; DECLINE_RATE, FAIL_RATE, TIMEOUT_RATE, LATE_MS, SEED
// The first line of stdout is {"ready":true,"url":"http://…"}; its log lines follow.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { getLogger, setRoute, setup } from 'telltale'
import { observeHttp } from 'telltale/http'
import { numberFrom } from '../src/environment.js'
import { chargeOnce, isCharge } from './charge.js'

const log = getLogger('gateway')

const server = createServer(observeHttp(handle))
server.listen(numberFrom('PORT', 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` })}\n`)
  // Only now: in development it says a line itself, and the first one is the ready line.
  setup({ service: 'payment-gateway' })
})

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/charges') {
    return send(response, 404, { error: 'not_found' })
  }
  setRoute('/charges')
  const body = await json(request).catch(() => undefined)
  if (!isCharge(body)) {
    log.skip('charge_skipped', { reason: 'malformed_body' })
    return send(response, 400, { error: 'malformed_body' })
  }
  const caller = new AbortController()
  response.once('close', () => caller.abort())
  try {
    const key = request.headers['idempotency-key']
    const answer = await chargeOnce(typeof key === 'string' ? key : undefined, body, caller.signal)
    send(response, answer.status, answer.body)
  } catch (error) {
    if (!caller.signal.aborted) throw error
    log.skip('charge_skipped', { reason: 'caller_gone' })
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
