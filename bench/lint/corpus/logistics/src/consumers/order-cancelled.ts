import type { Deps } from '../deps'
import type { Handler } from './runtime'
import { createLogger } from '../shared/logger'

type OrderCancelled = { orderId: string; tenantId: string; reason: 'customer' | 'fraud' | 'stock'; at: string }

const log = createLogger('consumers.order-cancelled')

export const makeOrderCancelledHandler =
  ({ db, carriers, ledger, mail, shipments }: Deps): Handler<OrderCancelled> =>
  async ({ orderId, tenantId, reason }) => {
    const shipment = await db.shipment.findFirst({ where: { orderId, tenantId } })
    if (!shipment || shipment.status === 'cancelled') return  //= return: no  nothing shipped or done before

    if (shipment.status !== 'created' && shipment.status !== 'labelled') {
      const team = await db.team.findFirst({ where: { tenantId, role: 'returns' } })
      if (!team) return  //= return: yes  parcel on its way after cancellation and nobody asked to stop it
      await mail.send({ to: team.email, template: 'intercept-request', vars: { orderId, tracking: shipment.trackingCode } })
      return  //= return: no  branch done
    }

    if (shipment.labelRef) {
      const carrier = carriers.get(shipment.carrier)
      const refund = await carrier.voidLabel(shipment.labelRef)
      if (refund.state === 'refused') {
        return void (await db.shipment.update({ where: { id: shipment.id }, data: { refundState: 'refused' } }))  //= return: no  the refusal is recorded on the shipment
      }
      const entry = await ledger.findCharge(shipment.id)
      if (!entry) return  //= return: yes  refund and cancellation skipped, no charge found
      await ledger.refund(entry.id, refund.amountCents)
    }

    await shipments.cancel(shipment.id, { cancelReason: reason })
    log.info('shipment_cancelled', { shipmentId: shipment.id, orderId, reason })
  }
