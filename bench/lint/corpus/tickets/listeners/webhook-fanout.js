'use strict';

const got = require('got');
const crypto = require('crypto');
const bunyan = require('bunyan');
const events = require('../lib/events');
const queue = require('../lib/queue');
const { WebhookSubscription, WebhookAttempt } = require('../models');

const log = bunyan.createLogger({ name: 'webhooks' });
const MAX_FAILURES = 20;

const subscribable = ['ticket.created', 'ticket.closed', 'message.created'];

for (const name of subscribable) {
  events.on(name, async (payload) => {
    const subs = await WebhookSubscription.query().where({ account_id: payload.accountId }).whereRaw('? = any(events)', [name]);
    if (!subs.length) return; //= return: no  nobody subscribed
    await Promise.all(subs.map((s) => queue.add('webhook.deliver', { subscriptionId: s.id, name, payload })));
  });
}

function sign(secret, body) {
  if (!secret) return undefined; //= return: no  pure
  return crypto.createHmac('sha256', secret).update(body).digest('hex');
}

async function deliver({ data: { subscriptionId, name, payload } }) {
  const sub = await WebhookSubscription.query().findById(subscriptionId);
  if (!sub || !sub.enabled) return false; //= return: yes  delivery dropped, customer will ask where it is

  if (sub.filter_team && payload.teamId !== sub.filter_team) return false; //= return: no  subscription filter

  const body = JSON.stringify({ name, payload, at: new Date().toISOString() });
  const started = process.hrtime.bigint();
  let res;
  try {
    res = await got.post(sub.url, {
      body,
      headers: { 'content-type': 'application/json', 'x-signature': sign(sub.secret, body) },
      timeout: { request: 8000 },
      throwHttpErrors: false,
    });
  } catch (err) { //= catch: no  stored as an attempt with the error code
    await WebhookAttempt.query().insert({ subscription_id: sub.id, status: 0, error: err.code });
    await bumpFailures(sub);
    return false; //= return: no  attempt row says why
  }

  const ms = Number((process.hrtime.bigint() - started) / 1000000n);
  await WebhookAttempt.query().insert({ subscription_id: sub.id, status: res.statusCode, ms });
  if (res.statusCode < 300) {
    await sub.$query().patch({ failures: 0 });
    return true; //= return: no  done
  }
  if (res.statusCode === 410) {
    await sub.$query().delete();
    log.info({ subscriptionId, statusCode: 410 }, 'subscription gone');
    return false; //= return: no  logged
  }
  await bumpFailures(sub);
  throw new Error(`webhook answered ${res.statusCode}`);
}

async function bumpFailures(sub) {
  const next = sub.failures + 1;
  if (next < MAX_FAILURES) return sub.$query().patch({ failures: next }); //= return: no  branch does its work
  log.warn({ subscriptionId: sub.id, secret: sub.secret, url: sub.url }, 'subscription disabled'); //= no-sensitive-fields  signing secret
  await sub.$query().patch({ enabled: false, failures: next });
}

queue.process('webhook.deliver', 5, deliver);

module.exports = { deliver, sign };
