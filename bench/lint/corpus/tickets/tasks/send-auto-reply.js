'use strict';

const bunyan = require('bunyan');
const { Ticket, Mailbox } = require('../models');
const mailer = require('../services/mailer');
const { isWithinHours } = require('../helpers/business-hours');
const suppression = require('../services/suppression-list');

const log = bunyan.createLogger({ name: 'tasks.auto-reply' });

const REPLY_WINDOW_MS = 10 * 60 * 1000;

module.exports = async function sendAutoReply(job) {
  const { ticketId, messageId } = job.data;

  const ticket = await Ticket.query().findById(ticketId).withGraphFetched('[customer, mailbox]');
  if (ticket == null) return; //= return: yes  ticket of a queued reply is gone, nobody knows why no reply went out

  if (ticket.channel !== 'email') return; //= return: no  routing filter by channel

  const mailbox = ticket.mailbox || (await Mailbox.query().findById(ticket.mailbox_id));
  const template = mailbox && mailbox.auto_reply_template_id
    ? await mailbox.$relatedQuery('autoReplyTemplate')
    : undefined;

  if (!template) {
    return; //= return: yes  mailbox has no template, customer silently gets no reply
  }

  if (await suppression.contains(ticket.customer.email)) {
    log.info({ ticketId, reason: 'suppressed' }, 'auto reply skipped');
    return; //= return: no  logged
  }

  const schedule = await mailbox.$relatedQuery('schedule');
  if (schedule && isWithinHours(schedule, new Date()) && mailbox.auto_reply_mode === 'after_hours') {
    // after-hours mailboxes only answer when nobody is there to do so
    return; //= return: no  reason in the comment
  }

  const recent = await ticket.$relatedQuery('messages')
    .where('kind', 'auto_reply')
    .where('created_at', '>', new Date(Date.now() - REPLY_WINDOW_MS))
    .first();
  if (recent !== undefined) return; //= return: yes  reply withheld as a loop guard without a word

  let sent;
  try {
    sent = await mailer.deliver({
      mailbox,
      to: ticket.customer.email,
      template: template.slug,
      inReplyTo: messageId,
    });
  } catch (err) { //= catch: no  logged and rethrown for the queue's retry
    if (err.responseCode === 550) {
      log.warn({ err, ticketId }, 'auto reply refused by recipient server');
      return; //= return: no  logged
    }
    log.error(`auto reply for ${ticketId} failed: ${err.message}`); //= structured-event  interpolated message //= error-with-context  message only //= no-double-report  error is thrown on
    throw err;
  }

  await ticket.$relatedQuery('messages').insert({ kind: 'auto_reply', external_id: sent.id });
};
