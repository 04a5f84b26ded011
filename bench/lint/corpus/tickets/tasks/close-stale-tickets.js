'use strict';

const db = require('../lib/db');
const events = require('../lib/events');
const settings = require('../services/settings');
const logger = require('../lib/logger').child({ module: 'close-stale' });
const { Counter } = require('prom-client');

const closed = new Counter({
  name: 'tickets_auto_closed_total',
  help: 'Tickets closed by the stale sweep',
  labelNames: ['team', 'reason', 'ticket'],
});

class CloseStaleTickets {
  static cron = '*/20 * * * *';

  async perform() {
    const days = await settings.get('tickets.stale_after_days');
    if (!(days > 0)) return 0; //= return: maybe  sweep is off or misconfigured, the zero hides which

    const before = new Date(Date.now() - days * 86400e3);
    const ids = await db('tickets')
      .where({ status: 'waiting_on_customer' })
      .andWhere('last_activity_at', '<', before)
      .limit(500)
      .pluck('id');
    if (ids.length === 0) return 0; //= return: no  nothing to do

    let done = 0;
    for (const id of ids) {
      try {
        if (await this.closeOne(id)) done += 1;
      } catch (e) { //= catch: yes  a ticket that cannot be closed is passed over for ever
        continue;
      }
    }
    logger.info('stale_sweep_finished', { candidates: ids.length, done });
    return done;
  }

  async closeOne(id) {
    return db.transaction(async (trx) => {
      const ticket = await trx('tickets').where({ id }).forUpdate().skipLocked().first();
      if (!ticket) return false; //= return: maybe  locked by an agent or deleted, will be retried next sweep
      if (ticket.status !== 'waiting_on_customer') return false; //= return: no  state moved on since the select

      const hold = await trx('holds').where({ ticket_id: id }).whereNull('released_at').first();
      if (hold) return false; //= return: yes  ticket on legal hold stays open and nothing tells

      await trx('tickets').where({ id }).update({ status: 'closed', closed_at: trx.fn.now() });
      await trx('ticket_events').insert({ ticket_id: id, kind: 'auto_closed' });
      closed.inc({ team: ticket.team_slug, reason: 'stale' });
      events.emit('ticket.closed', { ticketId: id, by: 'system' });
      return true;
    });
  }

  async onFailed(job, err) {
    logger.error('stale_sweep_failed', { jobId: job.id, err });
    closed.labels({ team: 'none', reason: err.message, ticket: job.id }).inc(0); //= bounded-labels  error message and job id as label values
  }
}

module.exports = new CloseStaleTickets();
