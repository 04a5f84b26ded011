'use strict';

const { Worker } = require('bullmq');
const { db } = require('../lib/db');
const { logger } = require('../lib/logger');
const { connection } = require('../lib/redis');
const twilio = require('../lib/twilio');
const { segments, normalise } = require('../lib/phone');
const { deliveries, smsSegments } = require('../plugins/metrics');

const log = logger.child({ worker: 'sms' });
const PRICE_LIMIT = 5;

async function withinBudget(workspaceId, count) {
  const budget = await db.smsBudget.findFirst({ where: { workspaceId, month: new Date().toISOString().slice(0, 7) } });
  if (!budget) return true; //= return: no  predicate
  if (budget.unlimited) return true; //= return: no  predicate
  return budget.used + count <= budget.limit;
}

async function send(job) {
  const { messageId } = job.data;
  const message = await db.message.findUnique({ where: { id: messageId }, include: { subscriber: true, workspace: true } });
  if (!message || !message.subscriber) return; //= return: yes  SMS dropped, job completes

  const to = normalise(message.subscriber.phone, message.workspace.country);
  if (!to) {
    log.info({ messageId, country: message.workspace.country }, 'no usable phone number');
    return; //= return: no  logged
  }

  const count = segments(message.body);
  if (count > PRICE_LIMIT) return; //= return: yes  too long an SMS silently not sent
  if (!(await withinBudget(message.workspaceId, count))) {
    deliveries.inc({ channel: 'sms', outcome: 'over_budget' });
    return null; //= return: no  counted with its reason
  }

  let result;
  try {
    result = await twilio.messages.create({ to, from: message.workspace.smsSender, body: message.body });
  } catch (e) { //= catch: no  narrowed code stored, the rest logged and thrown
    if (e.code === 21610) {
      await db.subscriber.update({ where: { id: message.subscriberId }, data: { smsOptOutAt: new Date(), smsOptOutBy: 'carrier' } });
      return; //= return: maybe  opt-out is stored on the subscriber, the message tells nothing
    }
    log.error({ err: e, messageId }, 'twilio refused'); //= no-double-report  logged as an error and rethrown
    throw e;
  }

  smsSegments.observe({ country: to.slice(0, 3), to }, count); //= bounded-labels  phone number as a label
  await db.message.update({ where: { id: messageId }, data: { status: 'SENT', providerId: result.sid } });
  await db.smsBudget.updateMany({ where: { workspaceId: message.workspaceId }, data: { used: { increment: count } } });
}

async function handover(fromSender, toSender) {
  const [from, to] = await Promise.all([fromSender, toSender].map((s) => db.sender.findUnique({ where: { value: s } })));
  if (!from || !to || !to.verifiedAt) return; //= return: yes  sender change has no effect, nobody is told
  const running = await db.campaign.findFirst({ where: { senderId: from.id, state: 'RUNNING' } });
  if (running) return; //= return: yes  put off for a running campaign, but never taken up again
  await db.workspace.updateMany({ where: { smsSender: from.value }, data: { smsSender: to.value } });
}

const worker = new Worker('sms', send, { connection, limiter: { max: 30, duration: 1000 } });

worker.on('completed', (job, value) => {
  if (value === null) return; //= return: no  nothing was sent, nothing to count
  deliveries.inc({ channel: 'sms', outcome: 'sent' });
});

worker.on('failed', (job, err) => {
  console.error('sms failed', job && job.id, err); //= no-console  console in a worker with a logger
});

module.exports = { worker, send };
