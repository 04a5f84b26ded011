import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'
import { labelsPurchased, timed } from '../shared/metrics'
import { err, ok, type Result } from '../shared/result'

type Label = { url: string; trackingCode: string; costCents: number }
type Refusal = 'not_found' | 'already_labelled' | 'credit_exhausted' | 'carrier_down'

const log = createLogger('label-purchase')

export const makeLabelPurchase = ({ db, carriers, ledger, storage, bus }: Deps) => {
  const reserve = async (tenantId: string, cents: number): Promise<string | undefined> => {
    const account = await ledger.account(tenantId)
    if (account.balanceCents + account.creditCents < cents) return undefined  //= return: no  caller turns it into a refusal
    return ledger.hold(tenantId, cents)
  }

  const archive = async (shipmentId: string, label: Label) => {
    try {
      const pdf = await storage.fetch(label.url)
      await storage.put(`labels/${shipmentId}.pdf`, pdf)
    } catch (e) {  //= catch: yes  label never archived and nobody knows
      return false  //= return: no  false says not archived; the catch is the finding
    }
    return true
  }

  return async (shipmentId: string, tenantId: string): Promise<Result<Label, Refusal>> => {
    const shipment = await db.shipment.findFirst({ where: { id: shipmentId, tenantId }, include: { rate: true } })
    if (!shipment) return err('not_found')  //= return: no  carries the reason
    if (shipment.labelRef) return err('already_labelled', shipment.labelRef)  //= return: no  carries the reason

    const hold = await reserve(tenantId, shipment.rate.amountCents)
    if (!hold) {
      labelsPurchased.inc({ carrier: shipment.carrier, outcome: 'no_credit' })
      return err('credit_exhausted')  //= return: no  carries the reason
    }

    let label: Label
    try {
      label = await timed(shipment.carrier, 'buy_label', () => carriers.get(shipment.carrier).buyLabel(shipment))
    } catch (error) {  //= catch: no  logged
      log.error('label_purchase_failed', { error: (error as Error).message, shipmentId, tenantId })  //= error-with-context  only the message
      await ledger.release(hold)
      labelsPurchased.inc({ carrier: shipment.carrier, outcome: 'failed' })
      return err('carrier_down')  //= return: no  carries the reason
    }

    const archived = await archive(shipmentId, label)
    await db.shipment.update({
      where: { id: shipmentId },
      data: { status: 'labelled', labelRef: label.url, trackingCode: label.trackingCode, archived },
    })
    await ledger.settle(hold, label.costCents)
    labelsPurchased.inc({ carrier: shipment.carrier, outcome: 'bought' })
    await bus.publish('shipment.labelled', { shipmentId, trackingCode: label.trackingCode })
    return ok(label)
  }
}
