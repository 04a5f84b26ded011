'use strict';

const { Ticket, Snooze, User } = require('../models');
const notify = require('../services/notify');
const queue = require('../lib/queue');
const winston = require('winston');

const MAX_PUSH_BACK = 3;

module.exports = {
  name: 'snooze.wakeup',

  async handle({ snoozeId }) {
    const snooze = await Snooze.findById(snoozeId);
    if (!snooze || snooze.cancelled) {
      return; //= return: no  user took the snooze back, the usual case
    }

    const ticket = await Ticket.findById(snooze.ticketId);
    const owner = snooze.userId && (await User.findById(snooze.userId));
    if (!(ticket && owner)) return; //= return: yes  snoozed ticket never comes back, neither side is named

    if (owner.status === 'away' && snooze.pushedBack < MAX_PUSH_BACK) {
      await Snooze.updateOne({ _id: snooze._id }, { $inc: { pushedBack: 1 } });
      await queue.add('snooze.wakeup', { snoozeId }, { delay: 3600e3 });
      return; //= return: no  branch re-queued itself
    }

    const wake = async () => {
      const updated = await Ticket.findOneAndUpdate(
        { _id: ticket._id, state: 'snoozed' },
        { $set: { state: 'open', wokeAt: new Date() } },
        { new: true },
      );
      if (!updated) return false; //= return: no  outcome is handed to the caller

      await notify.user(owner, 'ticket.woke', { ticket: updated });
      return true;
    };

    if (!(await wake())) {
      winston.debug('ticket left snooze by other means', { ticketId: ticket.id, snoozeId });
      return; //= return: no  logged
    }

    await Snooze.deleteOne({ _id: snooze._id });
  },

  async onError(err, job) {
    if (job.attemptsMade < job.opts.attempts) return; //= return: no  will be retried, only the last failure counts
    winston.error('snooze wakeup gave up: ' + err.message); //= structured-event  concatenated //= error-with-context  message only
    await Snooze.updateOne({ _id: job.data.snoozeId }, { $set: { failed: true } }).catch(() => null); //= catch: yes  failed state may not be stored, nobody knows
  },
};
