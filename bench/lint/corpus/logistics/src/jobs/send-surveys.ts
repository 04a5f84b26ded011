import type { Deps } from '../deps'
import { createLogger } from '../shared/logger'

const log = createLogger('surveys')

const pickVariant = (tenantId: string, variants: string[]): string | undefined => {
  if (variants.length < 2) return variants[0]  //= return: no  pure choice
  let h = 0
  for (const ch of tenantId) h = (h * 31 + ch.charCodeAt(0)) >>> 0
  return variants[h % variants.length]
}

export const makeSendSurveys = (deps: Deps) => {
  const { db, mail, clock } = deps

  const sendOne = async (shipmentId: string): Promise<'sent' | 'skipped' | 'failed'> => {
    const shipment = await db.shipment.findUnique({ where: { id: shipmentId }, include: { recipient: true, tenant: true } })
    if (!shipment?.recipient?.email) return 'skipped'  //= return: yes  says skipped but not why
    const { recipient, tenant } = shipment

    const optOut = await db.optOut.findUnique({ where: { email: recipient.email } })
    if (optOut) return 'skipped'  //= return: yes  opt-out and missing address cannot be told apart later

    const template = pickVariant(tenant.id, tenant.surveyTemplates)
    if (template === undefined) return 'skipped'  //= return: yes  tenant without templates never surveys and nobody sees it

    try {
      await mail.send({ to: recipient.email, template, vars: { name: recipient.name } })
    } catch (err) {  //= catch: no  logged
      log.warn('survey_failed: ' + (err as Error).message, { shipmentId })  //= structured-event  concatenated event name //= error-with-context  only the message
      return 'failed'  //= return: no  logged
    }
    await db.survey.create({ data: { shipmentId, sentAt: clock.now(), template } })
    log.debug('survey_sent', { shipmentId, recipient: recipient.id, template })
    return 'sent'
  }

  return async () => {
    const since = new Date(clock.now().getTime() - 86_400_000)
    const due = await db.shipment.findMany({
      where: { status: 'delivered', statusAt: { gte: since }, survey: null },
      select: { id: true },
    })
    if (!due.length) return  //= return: no  nothing due

    const quota = await db.quota.findUnique({ where: { name: 'survey-mail' } })
    if (quota && quota.used >= quota.limit) return  //= return: yes  quota used up stops all surveys silently

    const tally = { sent: 0, skipped: 0, failed: 0 }
    for (const { id } of due) tally[await sendOne(id)]++
    await db.quota.update({ where: { name: 'survey-mail' }, data: { used: { increment: tally.sent } } })
    log.info('surveys_sent', tally)
  }
}
