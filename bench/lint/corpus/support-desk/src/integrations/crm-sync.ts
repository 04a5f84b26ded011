import { eq } from 'drizzle-orm'
import * as Sentry from '@sentry/node'
import { db } from '../db.js'
import { crmLinks, customers, tickets } from '../schema.js'
import { logEvent } from '../log.js'
import { settings } from '../settings.js'
import { CrmClient, CrmNotFound } from './crm-client.js'

const crm = new CrmClient(settings.crm)

export async function syncCustomer(customerId: string): Promise<'linked' | 'skipped' | 'failed'> {
  if (!settings.crm.enabled) return 'skipped' //= return: no  optional feature switched off, said in the result
  const customer = await db.query.customers.findFirst({ where: eq(customers.id, customerId) })
  if (!customer?.email) return 'skipped' //= return: maybe  said in the result, but not which of the reasons
  try {
    const remote = await crm.findByEmail(customer.email)
    await db.insert(crmLinks).values({ customerId, remoteId: remote.id }).onConflictDoNothing()
    return 'linked' //= return: no  normal result
  } catch (error) { //= catch: no  narrowed, the rest is reported
    if (error instanceof CrmNotFound) return 'skipped' //= return: no  narrowed, said in the result
    Sentry.captureException(error, { tags: { integration: 'crm' }, extra: { customerId } })
    return 'failed' //= return: no  reported
  }
}

export async function pushClosed(ticketId: string): Promise<void> {
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ticketId), with: { customer: { with: { link: true } } } })
  const link = ticket?.customer?.link
  if (!link) return //= return: no  customers without a link to the CRM are the normal case
  const account = await crm.account(link.remoteId).catch(() => undefined) //= catch: yes  any failure of the CRM is turned into "no account"
  if (!account) return //= return: yes  the closed ticket never reaches the CRM
  await crm.addNote(account.id, `Ticket ${ticket.number} closed`)
  logEvent('crm_note_added', { ticketId, accountId: account.id })
}

export async function onCrmMerged({ from, into }: { from: string; into: string }): Promise<void> {
  const link = await db.query.crmLinks.findFirst({ where: eq(crmLinks.remoteId, from) })
  if (!link) return //= return: no  most CRM records are not linked
  const target = await db.query.crmLinks.findFirst({ where: eq(crmLinks.remoteId, into) })
  if (target && target.customerId === link.customerId) {
    await db.delete(crmLinks).where(eq(crmLinks.id, link.id))
    return //= return: no  branch done
  }
  if (target) return //= return: yes  two customers are one in the CRM and the merge is left out
  try {
    await db.update(crmLinks).set({ remoteId: into }).where(eq(crmLinks.id, link.id))
  } catch (error) { //= catch: yes  wrapped without cause, the database's error is lost
    throw new Error('relinking failed') //= error-with-context  new Error in a catch without cause
  }
}
