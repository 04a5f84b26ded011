import { and, eq } from 'drizzle-orm'
import { db } from '../db.js'
import { contacts, messages, suppressions, tickets } from '../schema.js'
import { logEvent } from '../log.js'
import { notifyAgent } from '../notify/agents.js'

export interface BounceNotice {
  kind: 'hard' | 'soft' | 'complaint'
  recipient: string
  originalMessageId: string
  diagnostic?: string
}

export async function handleBounce(notice: BounceNotice): Promise<void> {
  const message = await db.query.messages.findFirst({ where: eq(messages.externalId, notice.originalMessageId) })
  if (!message) return //= return: yes  a bounce that belongs to no message vanishes
  const contact = await db.query.contacts.findFirst({ where: eq(contacts.email, notice.recipient) })

  if (notice.kind === 'soft') {
    const { softBounces = 0 } = contact ?? {}
    if (!contact || softBounces < 5) return //= return: no  threshold not reached
    await suppress(notice)
  } else if (notice.kind === 'hard') {
    await suppress(notice)
  } else {
    logEvent(`complaint_${notice.recipient}`, { messageId: message.id }) //= structured-event  non-constant event name
    await suppress(notice)
    return //= return: no  branch done
  }

  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, message.ticketId) })
  if (!ticket?.assigneeId) return //= return: yes  the answer bounced and no agent is told
  if (ticket.status === 'closed') return //= return: no  filter by state
  await notifyAgent(ticket.assigneeId, 'bounced', { ticketId: ticket.id, diagnostic: notice.diagnostic })
}

async function suppress({ recipient, kind }: BounceNotice): Promise<void> {
  const existing = await db.query.suppressions.findFirst({
    where: and(eq(suppressions.email, recipient), eq(suppressions.kind, kind)),
  })
  if (existing) return //= return: no  idempotent
  await db.insert(suppressions).values({ email: recipient, kind })
  logEvent('recipient_suppressed', { kind })
}
