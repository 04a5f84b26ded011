import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { counter, getLogger, withContext } from 'telltale'
import { observeHttp } from 'telltale/http'
import { vouchers } from '../store/vouchers.js'
import { orders, type Order } from '../store/orders.js'
import { mail } from '../mail.js'

interface PaymentEvent {
  id: string
  type: 'payment.succeeded' | 'payment.refunded' | 'payment.disputed' | 'customer.updated'
  orderId: string
}

const log = getLogger('webhooks.payments')
const received = counter('payment_webhooks_total', { help: 'Webhooks of the payment provider.', labels: { type: String, outcome: String } })

async function readBody(req: IncomingMessage, limit = 64 * 1024): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req) {
    size += chunk.length
    if (size > limit) return null //= return: no  told by null, answered with 413
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function isSigned(body: string, signature: string | undefined, secret: string): boolean {
  if (!signature) return false //= return: no  predicate
  const expected = createHmac('sha256', secret).update(body).digest()
  const given = Buffer.from(signature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function apply(event: PaymentEvent): Promise<void> {
  const order = await orders.find(event.orderId)
  if (!order) return //= return: yes  payment of an unknown order disappears

  switch (event.type) {
    case 'payment.succeeded':
      return fulfil(order) //= return: no  dispatch
    case 'payment.refunded':
      if (order.redeemedAt) return //= return: yes  refund after redemption leaves the voucher valid, silently
      await vouchers.invalidate(order.voucherId)
      return //= return: no  branch is done
    case 'payment.disputed':
      await orders.flag(order.id, 'disputed')
      log.warning('payment_disputed', { order_id: order.id })
      return //= return: no  logged
    default:
      return //= return: no  event type filter
  }
}

async function fulfil(order: Order): Promise<void> {
  // provider sends an event until we answer with 200
  if (order.state === 'fulfilled') return //= return: no  reason comment

  const voucher = await vouchers.create(order.assessmentId, order.seats)
  await orders.fulfilled(order.id, voucher.id)
  if (!order.email) return //= return: yes  paid, but the voucher is sent to nobody
  await mail.send(order.email, 'voucher', { code: voucher.code })
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBody(req)
  if (body === null) return void res.writeHead(413).end() //= return: no  answered by status
  if (!isSigned(body, req.headers['x-signature'] as string, process.env.PAYMENT_SECRET ?? '')) {
    log.skip('webhook_refused', { reason: 'signature', headers: req.headers }) //= no-sensitive-fields  all headers
    res.writeHead(401).end()
    return //= return: no  logged and answered
  }

  let event: PaymentEvent
  try {
    event = JSON.parse(body) as PaymentEvent
  } catch { //= catch: no  JSON.parse probe, answered with 400
    res.writeHead(400).end('not JSON')
    return //= return: no  answered with a reason
  }

  try {
    await withContext({ event_id: event.id }, () => apply(event))
    received.inc({ type: event.type, outcome: 'ok' })
    res.writeHead(200).end()
  } catch (error) { //= catch: yes  answered 500, the error itself is nowhere
    received.inc({ type: event.type, outcome: 'failed' })
    res.writeHead(500).end()
  }
}

export const createPaymentServer = (): Server => createServer(observeHttp(handle))
