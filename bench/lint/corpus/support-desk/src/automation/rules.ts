import { and, asc, eq } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import { db } from '../db.js'
import { agents, rules, ruleRuns, tickets } from '../schema.js'
import { logEvent, logFailure } from '../log.js'
import { notifyAgent } from '../notify/agents.js'
import { addTag } from './tags.js'

type Ticket = InferSelectModel<typeof tickets>
type Rule = InferSelectModel<typeof rules>
type Condition = { field: keyof Ticket; op: 'is' | 'contains' | 'matches'; value: string }

function holds(condition: Condition, ticket: Ticket): boolean {
  const actual = ticket[condition.field]
  if (actual == null) return false //= return: no  predicate
  switch (condition.op) {
    case 'is':
      return String(actual) === condition.value //= return: no  predicate
    case 'contains':
      return String(actual).includes(condition.value) //= return: no  predicate
    case 'matches':
      try {
        return new RegExp(condition.value, 'i').test(String(actual)) //= return: no  predicate
      } catch { //= catch: maybe  a broken pattern of an admin never holds: a parse probe, but the rule is dead without a word
        return false //= return: no  predicate
      }
  }
}

export async function runRules(on: 'created' | 'updated', ticket: Ticket): Promise<void> {
  const active = await db.query.rules.findMany({ where: and(eq(rules.on, on), eq(rules.enabled, true)), orderBy: asc(rules.position) })
  for (const rule of active) {
    const conditions = rule.conditions as Condition[]
    if (!conditions.every((condition) => holds(condition, ticket))) continue
    try {
      await apply(rule, ticket)
      await db.insert(ruleRuns).values({ ruleId: rule.id, ticketId: ticket.id })
    } catch (error) { //= catch: no  logged
      logFailure('rule_failed', error, { ruleId: rule.id, ticketId: ticket.id })
    }
    if (rule.stop) return //= return: no  a rule that ends the chain, its run is recorded
  }
}

async function apply(rule: Rule, ticket: Ticket): Promise<void> {
  if (rule.action === 'tag') return addTag(ticket.id, rule.argument) //= return: no  dispatch
  else if (rule.action === 'assign') return assign(ticket, rule.argument) //= return: no  dispatch
  else if (rule.action === 'close') {
    await db.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, ticket.id))
    return //= return: no  branch done
  }
  throw new Error(`unknown action ${rule.action}`)
}

async function assign(ticket: Ticket, teamId: string): Promise<void> {
  if (ticket.assigneeId) return //= return: no  idempotent, assigned before
  const free = await db.query.agents.findFirst({
    where: and(eq(agents.teamId, teamId), eq(agents.online, true)),
    orderBy: asc(agents.openTickets),
  })
  if (!free) return //= return: yes  the ticket stays unassigned as no agent is online
  if (free.openTickets >= free.capacity) return //= return: yes  the ticket stays unassigned as all are busy
  await db.update(tickets).set({ assigneeId: free.id }).where(eq(tickets.id, ticket.id))
  await notifyAgent(free.id, 'assigned', { ticketId: ticket.id })
  logEvent('ticket_assigned', { ticketId: ticket.id, agentId: free.id })
}
