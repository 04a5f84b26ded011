import { and, desc, eq, lt } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import { db } from '../db.js'
import { holds, mailboxes, messages, tickets } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { mail } from '../notify/mail.js'
import { sendSurvey } from '../csat/survey.js'
import { enqueueDelivery } from '../webhooks/queue.js'

type Ticket = InferSelectModel<typeof tickets>

const DAY = 86_400_000

async function warn(ticket: Ticket, mailboxAddress: string): Promise<void> {
  const customer = await db.query.customers.findFirst({ where: (table) => eq(table.id, ticket.customerId!) })
  if (!customer?.email) return //= return: yes  the ticket closes without the customer being warned
  await mail.send(customer.email, 'closing-soon', { number: ticket.number, from: mailboxAddress })
  await db.update(tickets).set({ warnedAt: new Date() }).where(eq(tickets.id, ticket.id))
}

async function closeOne(ticket: Ticket): Promise<boolean> {
  const mailbox = await db.query.mailboxes.findFirst({ where: eq(mailboxes.id, ticket.mailboxId) })
  if (!mailbox?.autoCloseDays) return false //= return: no  optional feature absent
  const last = await db.query.messages.findFirst({ where: eq(messages.ticketId, ticket.id), orderBy: desc(messages.createdAt) })
  const idle = Date.now() - (last?.createdAt ?? ticket.createdAt).getTime()
  if (idle < mailbox.autoCloseDays * DAY) return false //= return: no  threshold not reached
  const hold = await db.query.holds.findFirst({ where: eq(holds.ticketId, ticket.id) })
  if (hold) return false //= return: maybe  a legal hold keeps it open: filter by state, but one that people forget
  if (!ticket.warnedAt) {
    await warn(ticket, mailbox.address)
    return false //= return: no  branch done
  }
  await db.update(tickets).set({ status: 'closed', closedBy: 'auto' }).where(eq(tickets.id, ticket.id))
  await enqueueDelivery('ticket.closed', { ticketId: ticket.id })
  await sendSurvey(ticket.id).catch((error) => logFailure('survey_failed', error, { ticketId: ticket.id })) //= catch: no  logged
  return true
}

export async function autoClose(): Promise<void> {
  const waiting = await db.query.tickets.findMany({
    where: and(eq(tickets.status, 'waiting'), lt(tickets.updatedAt, new Date(Date.now() - 2 * DAY))),
    limit: 500,
  })
  let closed = 0
  for (const ticket of waiting) {
    try {
      if (await closeOne(ticket)) closed++
    } catch (error) { //= catch: yes  the ticket's failure is counted nowhere and dropped
      continue
    }
  }
  logEvent('auto_close_finished', { looked: waiting.length, closed })
}

export async function reopen(ticketId: string, by: string): Promise<'reopened' | 'open' | 'merged'> {
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ticketId) })
  if (!ticket) throw new Error('no such ticket')
  if (ticket.mergedInto) return 'merged' //= return: no  result carries the reason
  if (ticket.status !== 'closed') return 'open' //= return: no  result carries the reason
  await db.update(tickets).set({ status: 'open', closedBy: null }).where(eq(tickets.id, ticketId))
  logEvent('ticket_reopened', { ticketId, by })
  return 'reopened'
}
