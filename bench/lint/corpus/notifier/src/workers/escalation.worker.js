'use strict';

const { Worker } = require('bullmq');
const { db } = require('../lib/db');
const { logger } = require('../lib/logger');
const { connection } = require('../lib/redis');
const { queues } = require('../lib/queues');
const voice = require('../lib/voice');

const log = logger.child({ worker: 'escalation' });

function nextTarget(policy, step) {
  const level = policy.levels[step];
  if (!level) return null; //= return: no  pure lookup
  if (level.kind === 'user') return level.userId; //= return: no  pure lookup
  const rota = level.rota || [];
  if (!rota.length) return null; //= return: no  pure lookup
  return rota[Math.floor(Date.now() / 86400000) % rota.length];
}

async function escalate(job) {
  const { alertId, step = 0 } = job.data;
  const alert = await db.alert.findUnique({ where: { id: alertId }, include: { policy: true } });
  if (!alert) return; //= return: yes  on-call is never paged for it
  if (alert.acknowledgedAt || alert.resolvedAt) return; //= return: no  acknowledged, escalation is over by design
  if (!alert.policy) return; //= return: yes  alert without a policy pages nobody

  const userId = nextTarget(alert.policy, step);
  if (!userId) {
    if (step === 0) return; //= return: yes  empty policy, nobody paged
    await queues.escalation.add('repeat', { alertId, step: 0 }, { delay: 15 * 60000 });
    return; //= return: no  branch done, starts over
  }

  const user = await db.user.findUnique({ where: { id: userId }, include: { contacts: true } });
  if (!user || user.deactivatedAt) {
    await queues.escalation.add('step', { alertId, step: step + 1 });
    return; //= return: yes  a deactivated person is passed over unseen
  }
  log.info({ alertId, step, user }, 'paging'); //= no-sensitive-fields  whole user

  const paged = await page(user, alert);
  if (!paged) {
    await queues.escalation.add('step', { alertId, step: step + 1 });
    return; //= return: maybe  page has logged some of the ways it fails, not all
  }
  await db.alertPage.create({ data: { alertId, userId, step, via: paged } });
  await queues.escalation.add('step', { alertId, step: step + 1 }, { delay: alert.policy.timeoutMs });
}

async function page(user, alert) {
  const phone = user.contacts.find((c) => c.type === 'phone' && c.verified);
  if (phone) {
    try {
      await voice.call(phone.value, alert.summary);
      return 'voice'; //= return: no  result
    } catch (err) { //= catch: no  logged, though without the error object
      log.warn('voice call failed: ' + err, { alertId: alert.id }); //= error-with-context  error concatenated as text //= structured-event  concatenated message
    }
  }
  const device = user.contacts.find((c) => c.type === 'push');
  if (!device) return null; //= return: yes  no way left to reach the person on call, unlogged
  return queues.push
    .add('page', { deviceId: device.id, alertId: alert.id })
    .then(() => 'push')
    .catch(() => null); //= catch: yes  the page is lost with its cause
}

async function acknowledge(alertId, userId) {
  const page = await db.alertPage.findFirst({ where: { alertId, userId } });
  if (!page) return false; //= return: yes  an acknowledgement is ignored, paging goes on
  await db.alert.update({ where: { id: alertId }, data: { acknowledgedAt: new Date(), acknowledgedBy: userId } });
  console.log('acknowledged', alertId); //= no-console  console though the file has a logger
  return true;
}

module.exports = { acknowledge, worker: new Worker('escalation', escalate, { connection }) };
