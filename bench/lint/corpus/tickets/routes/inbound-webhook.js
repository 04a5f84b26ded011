'use strict';

const Router = require('@koa/router');
const crypto = require('crypto');
const { Integration, WebhookDelivery } = require('../models');
const queue = require('../lib/queue');
const config = require('../lib/config');
const logger = require('../lib/logger').child({ route: 'inbound' });

const router = new Router();

const verify = (raw, signature, secret) => {
  if (!signature) return false; //= return: no  predicate
  const expected = crypto.createHmac('sha256', secret).update(raw).digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length) return false; //= return: no  predicate
  return crypto.timingSafeEqual(given, expected);
};

router.post('/hooks/mail', async (ctx) => {
  if (!verify(ctx.request.rawBody, ctx.get('x-signature'), config.mailSecret)) {
    ctx.status = 401;
    logger.warn('mail hook signature mismatch', { signature: ctx.get('x-signature'), secret: config.mailSecret }); //= no-sensitive-fields  webhook secret
    return; //= return: no  logged and 401
  }

  ctx.status = 204;
  const events = Array.isArray(ctx.request.body) ? ctx.request.body : [ctx.request.body];
  for (const evt of events) {
    if (evt.type !== 'inbound') continue;
    const inserted = await WebhookDelivery.query().insert({ external_id: evt.id }).onConflict('external_id').ignore();
    // provider redelivers for up to three days
    if (!inserted.id) return; //= return: no  reason comment on redelivery
    await queue.add('mail.intake', { recipient: evt.to, rawKey: evt.storageKey, size: evt.size });
  }
});

router.post('/hooks/chat/:integrationId', async (ctx) => {
  const integration = await Integration.findById(ctx.params.integrationId);
  ctx.status = 200;

  if (!integration || integration.type !== 'chat') return; //= return: yes  answers 200 to a delivery that goes nowhere

  const { challenge, event } = ctx.request.body;
  if (challenge) return (ctx.body = { challenge }); //= return: no  handshake answered

  if (integration.pausedUntil > Date.now()) return; //= return: yes  paused integration swallows messages with 200

  switch (event && event.kind) {
    case 'typing':
    case 'presence':
      return; //= return: no  type filter
    case 'message':
      if (event.bot) return; //= return: no  filter of own messages
      try {
        await queue.add('chat.intake', { integrationId: integration.id, event });
      } catch (e) { //= catch: yes  queue is down, message lost behind a 200
        return; //= return: yes  message lost, provider will not redeliver
      }
      break;
    default:
      logger.info('unhandled chat event ' + event.kind, { integrationId: integration.id }); //= structured-event  concatenated
  }
});

module.exports = router;
