import type { Deps } from '../deps'
import type { Shipment, TrackingEvent } from '../types'
import { createLogger } from '../shared/logger'

const log = createLogger('delivery-exceptions')

const HOUR = 3_600_000

const TEXTS: Record<string, string> = {
  NH: 'Nobody was at home',
  AD: 'The address is incomplete',
  DM: 'The parcel was damaged',
}

const describe = (event: TrackingEvent) => TEXTS[event.code] ?? 'The delivery is delayed'

export const makeDeliveryExceptions = ({ db, sms, mail, clock }: Deps) => {
  const notifyRecipient = async (shipment: Shipment, event: TrackingEvent) => {
    const recipient = await db.recipient.findUnique({ where: { id: shipment.recipientId } })
    if (!recipient?.phone && !recipient?.email) return  //= return: yes  recipient never told, no contact on file

    const last = await db.notice.findFirst({ where: { shipmentId: shipment.id }, orderBy: { sentAt: 'desc' } })
    if (last && clock.now().getTime() - last.sentAt.getTime() < 6 * HOUR) return  //= return: yes  throttled notice, nothing says so

    const text = describe(event)
    if (recipient.phone) {
      try {
        await sms.send(recipient.phone, text)
        await db.notice.create({ data: { shipmentId: shipment.id, channel: 'sms', sentAt: clock.now() } })
        return  //= return: no  branch done
      } catch (e: any) {  //= catch: no  narrowed, rest rethrown
        if (e.code !== 'NUMBER_UNREACHABLE') throw e
      }
    }
    if (!recipient.email) return  //= return: yes  SMS undeliverable and no e-mail, notice dropped
    await mail.send({ to: recipient.email, template: 'delivery-exception', vars: { text } })
    await db.notice.create({ data: { shipmentId: shipment.id, channel: 'mail', sentAt: clock.now() } })
  }

  const openCase = async (shipment: Shipment, event: TrackingEvent) => {
    const open = await db.case.findFirst({ where: { shipmentId: shipment.id, closedAt: null } })
    if (open) {
      await db.caseNote.create({ data: { caseId: open.id, text: describe(event) } })
      return open  //= return: no  branch done, value returned
    }
    return db.case.create({ data: { shipmentId: shipment.id, kind: event.code, openedAt: event.at } })
  }

  return {
    raise: async (shipment: Shipment, event: TrackingEvent) => {
      const { id } = await openCase(shipment, event)
      log.info('delivery_exception_opened', { shipmentId: shipment.id, caseId: id, code: event.code })
      await notifyRecipient(shipment, event)
    },
    resolve: async (caseId: string, userId: string) => {
      const found = await db.case.findUnique({ where: { id: caseId } })
      if (!found || found.closedAt) return null  //= return: no  missing or closed, told to the caller by null
      return db.case.update({ where: { id: caseId }, data: { closedAt: clock.now(), closedBy: userId } })
    },
  }
}
