import Router from '@koa/router'
import { eq } from 'drizzle-orm'
import { db } from '../db.js'
import { messages, tickets } from '../schema.js'
import { logEvent } from '../log.js'
import { pauseTimers, stopTimer } from '../sla/timers.js'
import { sendReply } from '../notify/customers.js'
import { requireAgent } from './session.js'

export const ticketRoutes = new Router({ prefix: '/tickets' })
ticketRoutes.use(requireAgent)

ticketRoutes.get('/:id', async (ctx) => {
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ctx.params.id), with: { messages: true } })
  if (!ticket) {
    ctx.status = 404
    ctx.body = { error: 'not_found' }
    return //= return: no  404 told to the caller
  }
  ctx.body = ticket
})

ticketRoutes.post('/:id/replies', async (ctx) => {
  const { text, internal } = ctx.request.body as { text?: string; internal?: boolean }
  if (!text?.trim()) ctx.throw(422, 'text is empty')
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ctx.params.id), with: { customer: true } })
  if (!ticket) return ctx.throw(404) //= return: no  throws
  logEvent('reply_posted', { ticketId: ticket.id, user: ctx.state.user }) //= no-sensitive-fields  whole user
  const [message] = await db.insert(messages).values({ ticketId: ticket.id, body: text!, author: 'agent', internal }).returning()
  ctx.status = 201
  ctx.body = message
  if (internal) return //= return: no  type filter on a parameter
  await stopTimer(ticket.id, 'first_response')
  if (!ticket.customer?.email) return //= return: yes  the agent's reply is stored but never sent, 201 all the same
  try {
    await sendReply(ticket.customer.email, message)
  } catch (error) { //= catch: yes  the agent sees a note but the error is dropped
    logEvent('reply_not_sent', { ticketId: ticket.id })
    ctx.body = { ...message, sent: false }
  }
})

ticketRoutes.put('/:id/status', async (ctx) => {
  const { status } = ctx.request.body as { status: 'open' | 'waiting' | 'closed' }
  const ticket = await db.query.tickets.findFirst({ where: eq(tickets.id, ctx.params.id) })
  ctx.assert(ticket, 404)
  if (ticket.status === status) {
    ctx.status = 204
    return //= return: no  unchanged, answered
  }
  await db.update(tickets).set({ status }).where(eq(tickets.id, ticket.id))
  logEvent('ticket_' + status, { ticketId: ticket.id }) //= structured-event  concatenated event name
  ctx.status = 204
  if (status === 'waiting') return pauseTimers(ticket.id) //= return: no  branch done
  if (status !== 'closed') return //= return: no  type filter on a parameter
  await stopTimer(ticket.id, 'resolution')
})
