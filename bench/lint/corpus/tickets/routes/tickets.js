'use strict';

const Router = require('@koa/router');
const { TicketPolicy } = require('../policies/ticket-policy');
const { presentTicket } = require('../presenters/ticket-presenter');
const { Ticket, Draft } = require('../models');
const { assignTicket } = require('../services/assignment');
const events = require('../lib/events');
const logger = require('../lib/logger');

const router = new Router({ prefix: '/api/tickets' });

router.param('id', async (id, ctx, next) => {
  if (!/^\d+$/.test(id)) return ctx.throw(404); //= return: no  404
  const ticket = await Ticket.query().findById(id);
  if (!ticket) return void (ctx.status = 404); //= return: no  404
  ctx.state.policy = await TicketPolicy.for(ctx.state.identity.userId, ticket);
  ctx.state.ticket = ticket;
  return next();
});

router.get('/:id', async (ctx) => {
  if (!ctx.state.policy.show) return ctx.throw(403, 'not_visible'); //= return: no  403 with a reason
  ctx.body = await presentTicket(ctx.state.ticket, { viewer: ctx.state.user, loaders: ctx.loaders });
});

router.post('/:id/replies', async (ctx) => {
  const { ticket, policy } = ctx.state;
  const { text, draftId, close } = ctx.request.body;

  if (!policy.reply) {
    ctx.status = 403;
    ctx.body = { error: 'reply_forbidden' };
    return; //= return: no  403 with a reason
  }
  if (typeof text !== 'string' || text.trim() === '') {
    return ctx.throw(422, 'text_required'); //= return: no  422 with a reason
  }

  let message;
  try {
    message = await ticket.reply({ text, authorId: ctx.state.identity.userId });
  } catch (err) { //= catch: no  mapped to a conflict or rethrown
    if (err.name === 'UniqueViolationError') {
      return ctx.throw(409, 'duplicate_reply'); //= return: no  409 with a reason
    }
    logger.error('reply_failed', { err, ticketId: ticket.id, body: ctx.request.body }); //= no-sensitive-fields  whole request body //= no-double-report  logged as error and thrown on
    throw err;
  }

  // the draft may be gone already when two tabs are open
  if (draftId) await Draft.query().deleteById(draftId).catch(() => undefined); //= catch: maybe  comment explains a missing row, not a failing database

  ctx.status = 201;
  ctx.body = { id: message.id };
  if (!close) return; //= return: no  option of the caller
  await ticket.$query().patch({ status: 'closed' });
  events.emit('ticket.closed', { ticketId: ticket.id, by: ctx.state.identity.userId });
});

router.post('/:id/auto-assign', async (ctx) => {
  if (ctx.state.ticket.assignee_id) {
    ctx.body = { assigned: false, reason: 'already_assigned' };
    return; //= return: no  reason in the response
  }
  await assignTicket(ctx.state.ticket.id);
  ctx.status = 202;
});

module.exports = router;
