import { and, eq, isNull, lte } from 'drizzle-orm'
import { db } from '../db.js'
import { policies, slaTimers, tickets } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { businessMinutes } from './calendar.js'
import { escalate } from './escalate.js'

type Kind = 'first_response' | 'resolution'

export async function startTimer(ticketId: string, kind: Kind): Promise<void> {
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ticketId), with: { customer: true } })
  if (!ticket) return //= return: yes  no timer for a ticket that should be there
  const policy = await db.query.policies.findFirst({ where: eq(policies.plan, ticket.customer?.plan ?? 'free') })
  if (!policy) return //= return: no  plans without an SLA are the normal case, an optional feature
  const minutes = kind === 'first_response' ? policy.responseMinutes : policy.resolutionMinutes
  if (minutes == null) return //= return: no  optional feature absent
  const dueAt = await businessMinutes(new Date(), minutes, policy.calendarId)
  await db.insert(slaTimers).values({ ticketId, kind, dueAt }).onConflictDoNothing()
}

export async function stopTimer(ticketId: string, kind: Kind): Promise<boolean> {
  const [timer] = await db
    .update(slaTimers)
    .set({ stoppedAt: new Date() })
    .where(and(eq(slaTimers.ticketId, ticketId), eq(slaTimers.kind, kind), isNull(slaTimers.stoppedAt)))
    .returning()
  if (!timer) return false //= return: no  no timer was running
  const late = timer.dueAt < new Date()
  if (late) logEvent('sla_missed', { ticketId, kind, dueAt: timer.dueAt })
  return late
}

export async function pauseTimers(ticketId: string): Promise<void> {
  const running = await db.query.slaTimers.findMany({ where: and(eq(slaTimers.ticketId, ticketId), isNull(slaTimers.stoppedAt)) })
  if (!running.length) return //= return: no  nothing to do
  for (const timer of running) {
    await db.update(slaTimers).set({ pausedAt: new Date() }).where(eq(slaTimers.id, timer.id))
  }
}

export class SlaWatcher {
  private timer: NodeJS.Timeout | null = null
  private busy = false

  start = () => {
    this.timer ??= setInterval(() => void this.tick(), 30_000)
  }

  tick = async (): Promise<void> => {
    if (this.busy) return //= return: no  reentrancy guard
    this.busy = true
    try {
      const due = await db.query.slaTimers.findMany({ where: and(lte(slaTimers.dueAt, new Date()), isNull(slaTimers.stoppedAt)) })
      for (const timer of due) await escalate(timer)
    } catch (error) { //= catch: no  logged and reported
      logFailure('sla_tick_failed', error)
    } finally {
      this.busy = false
    }
  }

  stop = () => {
    if (this.timer === null) return //= return: no  not running
    clearInterval(this.timer)
    this.timer = null
  }
}
