import { eq, inArray } from 'drizzle-orm'
import { db } from '../db.js'
import { customers, mailboxes, messages, tickets } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { intakeCounter } from '../metrics.js'
import { startTimer } from '../sla/timers.js'
import { runRules } from '../automation/rules.js'
import { storeAttachments } from '../attachments/store.js'
import { parseEmail, ticketNumber, type Intake } from './parse-email.js'
import { sendReceipt } from './receipt.js'

async function findTicket(mail: Intake) {
  const number = ticketNumber(mail.subject)
  if (number !== null) {
    const ticket = await db.query.tickets.findFirst({ where: eq(tickets.number, number) })
    if (ticket) return ticket //= return: no  getter
  }
  if (mail.references.length === 0) return undefined //= return: no  getter
  const earlier = await db.query.messages.findFirst({
    where: inArray(messages.externalId, mail.references),
    with: { ticket: true },
  })
  return earlier?.ticket
}

export async function processEmail(raw: Buffer): Promise<void> {
  const mail = await parseEmail(raw)
  if (!mail) return //= return: yes  an unreadable message is lost, the customer waits for an answer
  const mailbox = await db.query.mailboxes.findFirst({ where: inArray(mailboxes.address, mail.to) })
  if (!mailbox) {
    intakeCounter.inc({ outcome: 'no_mailbox' })
    logEvent('mail_without_mailbox', { messageId: mail.messageId, to: mail.to })
    return //= return: no  logged and counted
  }
  const seen = await db.query.messages.findFirst({ where: eq(messages.externalId, mail.messageId) })
  if (seen) return //= return: no  idempotent

  const customer = await db.query.customers.findFirst({ where: eq(customers.email, mail.from) })
  if (customer?.blockedAt) return //= return: yes  mail of a blocked customer is dropped without a trace
  const existing = await findTicket(mail)
  if (mail.auto && existing?.status !== 'waiting') return //= return: yes  automatic replies are dropped, false positives can't be found

  if (existing) {
    await db.insert(messages).values({ ticketId: existing.id, externalId: mail.messageId, body: mail.text, author: 'customer' })
    await db.update(tickets).set({ status: 'open' }).where(eq(tickets.id, existing.id))
    intakeCounter.inc({ outcome: 'reply', sender: mail.from }) //= bounded-labels  e-mail address as a label value
    return //= return: no  branch done, counted
  }
  const [ticket] = await db
    .insert(tickets)
    .values({ mailboxId: mailbox.id, customerId: customer?.id, subject: mail.subject, status: 'open' })
    .returning()
  await db.insert(messages).values({ ticketId: ticket.id, externalId: mail.messageId, body: mail.text, author: 'customer' })
  await storeAttachments(ticket.id, mail.attachments).catch((error) => { //= catch: no  logged
    logFailure('attachments_not_stored', error, { ticketId: ticket.id })
  })
  await startTimer(ticket.id, 'first_response')
  await runRules('created', ticket)
  try {
    await sendReceipt(mail, ticket)
  } catch { //= catch: yes  the receipt's failure is lost
    intakeCounter.inc({ outcome: 'no_receipt' })
  }
  logEvent('Created a ticket from e-mail', { ticketId: ticket.id, mailboxId: mailbox.id }) //= structured-event  sentence as event name
}
