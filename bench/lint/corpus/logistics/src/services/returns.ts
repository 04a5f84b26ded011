import { trace, SpanStatusCode } from '@opentelemetry/api'
import type { Deps } from '../deps'
import type { Shipment } from '../types'
import { createLogger } from '../shared/logger'

const tracer = trace.getTracer('logistics.returns')
const log = createLogger('returns')

const EVENTS = { label: 'return_label_sent', refund: 'return_refund_requested' } as const

const returnWindowOver = (s: Shipment, days: number, now: Date) => {
  if (!s.deliveredAt) return false  //= return: no  predicate
  return now.getTime() - s.deliveredAt.getTime() > days * 86_400_000
}

export const makeReturns = ({ db, carriers, mail, bus, clock }: Deps) => {
  const sendLabel = (shipmentId: string) =>
    tracer.startActiveSpan('returns.send_label', async (span) => {
      try {
        const shipment = await db.shipment.findUnique({ where: { id: shipmentId }, include: { recipient: true } })
        if (!shipment) return  //= return: yes  return label never sent, parcel unknown
        const policy = await db.returnPolicy.findUnique({ where: { tenantId: shipment.tenantId } })
        if (!policy) return  //= return: yes  tenant without a policy, customer waits for the label

        if (returnWindowOver(shipment, policy.days, clock.now())) {
          span.setAttribute('returns.skipped', 'window_over')
          return  //= return: no  the reason is on the span
        }

        const label = await carriers.get(shipment.carrier).returnLabel(shipment)
        await mail.send({ to: shipment.recipient.email, template: 'return-label', attachments: [label.file] })
        log.info(EVENTS.label, { shipmentId, carrier: shipment.carrier, labelFormat: label.format })
      } catch (e) {  //= catch: no  recorded on the span and rethrown
        span.recordException(e as Error)
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw e
      } finally {
        span.end()
      }
    })

  const received = async (parcelId: string, condition: 'as_new' | 'worn' | 'broken') => {
    const parcel = await db.returnParcel.findUnique({ where: { id: parcelId }, include: { order: true } })
    if (parcel?.receivedAt) return parcel  //= return: no  idempotent, value returned
    if (!parcel) throw new Error(`no return parcel ${parcelId}`)

    await db.returnParcel.update({ where: { id: parcelId }, data: { receivedAt: clock.now(), condition } })
    if (condition === 'broken') {
      await db.case.create({ data: { kind: 'return_broken', shipmentId: parcel.shipmentId, openedAt: clock.now() } })
      return parcel  //= return: no  branch done, a case was opened
    }

    const payment = await db.payment.findFirst({ where: { orderId: parcel.order.id, state: 'captured' } })
    if (!payment) return parcel  //= return: yes  refund never asked for, caller cannot tell
    const already = await db.refund.aggregate({ where: { paymentId: payment.id }, _sum: { cents: true } })
    const open = payment.cents - (already._sum.cents ?? 0)
    if (open <= 0) return parcel  //= return: maybe  refunded already, usually fine, could be a wrong amount

    try {
      await bus.publish('refund.requested', { paymentId: payment.id, cents: Math.min(open, parcel.order.goodsCents) })
    } catch (error) {  //= catch: no  rethrown with its cause
      throw new Error('refund request not published', { cause: error })
    }
    log.info(EVENTS.refund, { parcelId, paymentId: payment.id, openCents: open })
    return parcel
  }

  return { sendLabel, received }
}
