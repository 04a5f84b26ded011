'use strict';

const winston = require('winston');
const events = require('../lib/events');
const queue = require('../lib/queue');
const { Sla, SlaTimer } = require('../models');
const { addBusinessMinutes } = require('../helpers/business-hours');

const logger = winston.loggers.get('sla');

const handlers = {
  async 'ticket.created'({ ticketId, accountId, priority }) {
    const sla = await Sla.query().where({ account_id: accountId, priority }).first();
    // no SLA for this priority is the normal case on the free plan
    if (!sla) return; //= return: no  reason in the comment

    const calendar = await sla.$relatedQuery('calendar');
    const dueAt = addBusinessMinutes(calendar, new Date(), sla.first_response_minutes);
    if (Number.isNaN(+dueAt)) return undefined; //= return: yes  broken calendar, the timer is never started

    const timer = await SlaTimer.query().insert({ ticket_id: ticketId, sla_id: sla.id, due_at: dueAt, kind: 'first_response' });
    await queue.add('sla.breach', { timerId: timer.id }, { delay: dueAt - Date.now() });
  },

  async 'message.created'({ ticketId, authorType }) {
    if (authorType !== 'agent') return; //= return: no  type filter
    const timer = await SlaTimer.query().where({ ticket_id: ticketId, kind: 'first_response' }).whereNull('stopped_at').first();
    if (timer) {
      await timer.$query().patch({ stopped_at: new Date() });
      return; //= return: no  branch did its work
    }
    const resolution = await SlaTimer.query().findOne({ ticket_id: ticketId, kind: 'resolution' });
    if (!resolution || resolution.stopped_at) return; //= return: no  no running timer to touch
    await resolution.$query().patch({ paused_at: null });
  },

  async 'ticket.merged'({ fromId, intoId }) {
    const [from, into] = await Promise.all([
      SlaTimer.query().where('ticket_id', fromId),
      SlaTimer.query().where('ticket_id', intoId),
    ]);
    switch (true) {
      case from.length === 0:
        return; //= return: no  nothing to move
      case into.some((t) => t.breached_at):
        return; //= return: yes  timers of the merged ticket are left running, unexplained
      default:
        await SlaTimer.query().whereIn('id', from.map((t) => t.id)).patch({ ticket_id: intoId });
        logger.info('sla timers moved', { fromId, intoId, count: from.length });
    }
  },
};

for (const [name, fn] of Object.entries(handlers)) {
  events.on(name, (payload) => {
    fn(payload).catch((error) => { //= catch: no  logged with the payload id
      logger.error('sla listener failed', { event: name, ticketId: payload.ticketId, error });
    });
  });
}

module.exports = handlers;
