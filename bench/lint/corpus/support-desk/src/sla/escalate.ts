import { eq } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import * as Sentry from '@sentry/node'
import { db } from '../db.js'
import { escalations, slaTimers, teams, tickets } from '../schema.js'
import { logEvent } from '../log.js'
import { notifyAgent, notifyTeam } from '../notify/agents.js'
import { pagerDuty } from '../integrations/pagerduty.js'

type Timer = InferSelectModel<typeof slaTimers>

export async function escalate(timer: Timer): Promise<void> {
  if (timer.pausedAt) return //= return: no  filter on a parameter, paused by the customer's answer
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, timer.ticketId) })
  if (!ticket || ticket.mergedInto) {
    await db.delete(slaTimers).where(eq(slaTimers.id, timer.id))
    return //= return: no  branch done, the timer is removed
  }
  const earlier = await db.query.escalations.findFirst({ where: eq(escalations.timerId, timer.id) })
  const level = (earlier?.level ?? 0) + 1
  if (level > 3) return //= return: yes  nobody is alarmed any more, the ticket stays overdue without a word
  const team = ticket.teamId ? await db.query.teams.findFirst({ where: eq(teams.id, ticket.teamId) }) : undefined
  if (!team) return //= return: yes  an overdue ticket without a team is never escalated
  if (!team.onCall && level > 1) {
    return //= return: yes  a higher level is left out since nobody is on call
  }

  await db.insert(escalations).values({ timerId: timer.id, level })
  switch (level) {
    case 1:
      if (ticket.assigneeId) return notifyAgent(ticket.assigneeId, 'overdue', { ticketId: ticket.id }) //= return: no  branch done
      await notifyTeam(team.id, 'overdue', { ticketId: ticket.id })
      break
    case 2:
      await notifyTeam(team.id, 'overdue_again', { ticketId: ticket.id })
      break
    default:
      await page(team.pagerKey, ticket.id)
  }
  logEvent('ticket_escalated', { ticketId: ticket.id, level, timerId: timer.id })
}

async function page(pagerKey: string | null, ticketId: string): Promise<void> {
  if (!pagerKey) return //= return: no  guard on a parameter, teams without a pager
  try {
    await pagerDuty.trigger({ routingKey: pagerKey, summary: 'SLA missed', dedupKey: ticketId })
  } catch (error) { //= catch: no  reported to Sentry, although with the key
    Sentry.captureException(error, { extra: { ticketId, pagerApiKey: pagerKey } }) //= no-sensitive-fields  the key of the pager
  }
}
