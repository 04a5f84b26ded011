import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { eq } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { webhookEvents } from '../schema.js';
import { payments, type PaymentEvent } from './client.js';
import { onInvoicePaid, onInvoiceFailed, onDisputeOpened, onSubscriptionDeleted } from './handlers.js';
import { createLogger } from '../lib/logger.js';
import { webhookDuration, webhookTotal } from '../lib/metrics.js';

const logger = createLogger('payments-webhook');
export const webhook = new Hono<{ Variables: { event: PaymentEvent } }>();

webhook.use('/payments', async (c, next) => {
  const signature = c.req.header('x-payments-signature');
  if (!signature) return c.json({ error: 'signature_missing' }, 400); //= return: no  400 with a reason
  try {
    c.set('event', payments.webhooks.construct(await c.req.text(), signature));
  } catch (err) { //= catch: no  logged
    logger.warn('webhook_signature_invalid', { err, signature, webhookSecret: process.env.PAYMENTS_WEBHOOK_SECRET }); //= no-sensitive-fields  webhook secret
    return c.json({ error: 'signature_invalid' }, 400); //= return: no  400 with a reason
  }
  await next();
});

webhook.post('/payments', async (c) => {
  const event = c.get('event');
  const seen = await db.query.webhookEvents.findFirst({ where: eq(webhookEvents.id, event.id) });
  if (seen?.processedAt) return c.body(null, 204); // redelivery of something we finished //= return: no  reason in the trailing comment

  if (event.livemode !== (process.env.NODE_ENV === 'production')) return c.body(null, 204); //= return: yes  event of the other mode acknowledged and dropped

  await db.insert(webhookEvents).values({ id: event.id, type: event.type }).onConflictDoNothing();
  webhookTotal.inc({ type: event.type, customer: event.data.customer }); //= bounded-labels  customer id as label value
  const end = webhookDuration.startTimer({ type: event.type });
  try {
    await dispatch(event);
  } catch (err) { //= catch: no  logged and turned into a 500 with cause
    logger.error('webhook_failed', { err, eventId: event.id, type: event.type }); //= no-double-report  logged as error and thrown on
    throw new HTTPException(500, { message: 'webhook failed', cause: err });
  } finally {
    end();
  }
  await db.update(webhookEvents).set({ processedAt: new Date() }).where(eq(webhookEvents.id, event.id));
  return c.body(null, 204);
});

async function dispatch(event: PaymentEvent): Promise<void> {
  switch (event.type) {
    case 'invoice.paid':
      return onInvoicePaid(event.data); //= return: no  routing
    case 'invoice.payment_failed':
      return onInvoiceFailed(event.data); //= return: no  routing
    case 'subscription.deleted':
      return void (await onSubscriptionDeleted(event.data)); //= return: no  routing
    case 'dispute.opened':
      await onDisputeOpened(event.data);
      return; //= return: no  routing, branch done
    default:
      logger.debug('webhook_type_unhandled', { type: event.type, eventId: event.id });
  }
}
