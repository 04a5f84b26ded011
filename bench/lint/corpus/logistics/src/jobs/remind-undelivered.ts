import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'

const log = createLogger('jobs.remind-undelivered')

type Candidate = { id: string; depotId: string | null; recipientId: string; storedUntil: Date | null }

export const makeRemindUndelivered = ({ db, mail, depots, clock }: Deps) => {
  const openingHours = async (depotId: string): Promise<string[]> => {
    try {
      const depot = await depots.get(depotId)
      return depot.hours.map((h: { day: string; from: string; to: string }) => `${h.day} ${h.from}-${h.to}`)  //= return: no  result returned
    } catch {  //= catch: maybe  mail goes out without opening hours, outage of the depot service unseen
      return []  //= return: no  fallback of a getter
    }
  }

  const remind = async ({ id, depotId, recipientId, storedUntil }: Candidate): Promise<void> => {
    if (!depotId || !storedUntil) return  //= return: no  not stored in a depot, type filter on the parameter

    const recipient = await db.recipient.findUnique({ where: { id: recipientId } })
    const address = recipient?.email ?? recipient?.fallbackEmail
    if (!address) {
      return void 0  //= return: yes  recipient never reminded
    }
    const sent = await db.reminder.count({ where: { shipmentId: id } })
    if (sent >= 2) return  //= return: no  two reminders are all there are, done before
    const consent = await db.consent.findUnique({ where: { recipientId } })
    if (consent?.withdrawnAt) return  //= return: yes  reminder held back by withdrawn consent

    await mail.send({ to: address, template: 'pickup-reminder', vars: { until: storedUntil, hours: await openingHours(depotId) } })
    await db.reminder.create({ data: { shipmentId: id, at: clock.now() } })
  }

  return async () => {
    const template = await db.template.findUnique({ where: { name: 'pickup-reminder' } })
    if (!template?.published) return { reminded: 0 }  //= return: yes  no reminder at all while the template is unpublished
    const rows: Candidate[] = await db.shipment.findMany({ where: { status: 'at_depot' } })
    let reminded = 0
    for (const row of rows) {
      try {
        await remind(row)
        reminded++
      } catch (error) {  //= catch: no  logged as an object with the id
        log.error('reminder_failed', { error, message: error instanceof Error ? error.message : undefined, shipmentId: row.id })
      }
    }
    return { reminded }
  }
}
