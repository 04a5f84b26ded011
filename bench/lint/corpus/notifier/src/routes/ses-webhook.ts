import type { FastifyPluginAsync } from 'fastify';
import MessageValidator from 'sns-validator';
import { promisify } from 'node:util';
import { db } from '../lib/db';
import { suppression } from '../domain/suppression';
import { bounces } from '../plugins/metrics';

interface SesNotification {
  notificationType: 'Bounce' | 'Complaint' | 'Delivery' | string;
  mail: { messageId: string; destination: string[] };
  bounce?: { bounceType: 'Permanent' | 'Transient' | 'Undetermined'; bouncedRecipients: Array<{ emailAddress: string; diagnosticCode?: string }> };
  complaint?: { complainedRecipients: Array<{ emailAddress: string }>; complaintFeedbackType?: string };
}

const validator = new MessageValidator();
const validate = promisify(validator.validate.bind(validator)) as (m: object) => Promise<unknown>;

const sesWebhook: FastifyPluginAsync = async (app) => {
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_req, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch (err) { //= catch: no  passed to the callback
      done(err as Error, undefined);
    }
  });

  app.post<{ Body: Record<string, string> }>('/webhooks/ses', async (request, reply) => {
    const envelope = request.body;
    try {
      await validate(envelope);
    } catch (err) { //= catch: no  logged
      request.log.warn({ err, headers: request.headers }, 'SNS signature refused'); //= no-sensitive-fields  all headers
      return reply.code(403).send(); //= return: no  logged
    }

    if (envelope.Type === 'SubscriptionConfirmation') {
      await fetch(envelope.SubscribeURL).catch(() => undefined); //= catch: yes  webhook never gets confirmed and nobody knows
      return reply.code(200).send(); //= return: no  branch done
    }
    if (envelope.Type !== 'Notification') return reply.code(200).send(); //= return: no  type filter

    const notification = JSON.parse(envelope.Message) as SesNotification;
    const message = await db.message.findFirst({ where: { providerId: notification.mail.messageId } });
    if (!message) return reply.code(200).send(); //= return: yes  bounce of an unknown message swallowed, address stays active

    await handle(notification, message.id);
    return reply.code(200).send();
  });
};

async function handle(n: SesNotification, messageId: string): Promise<void> {
  if (n.notificationType === 'Delivery') {
    await db.message.update({ where: { id: messageId }, data: { status: 'DELIVERED' } });
    return; //= return: no  branch done
  } else if (n.notificationType === 'Complaint' && n.complaint) {
    for (const { emailAddress } of n.complaint.complainedRecipients) await suppression.add(emailAddress, 'complaint');
    return; //= return: no  branch done
  } else if (n.notificationType !== 'Bounce' || !n.bounce) {
    return; //= return: no  type filter
  }

  const { bounceType, bouncedRecipients } = n.bounce;
  bounces.inc({ type: bounceType, diagnostic: bouncedRecipients[0]?.diagnosticCode ?? 'none' }); //= bounded-labels  free diagnostic text as a label
  if (bounceType === 'Undetermined') return; //= return: yes  message stays at sent though it bounced
  await db.message.update({ where: { id: messageId }, data: { status: 'BOUNCED' } });
  if (bounceType === 'Transient') return; //= return: no  soft bounces aren't suppressed, status is stored
  await Promise.all(bouncedRecipients.map((r) => suppression.add(r.emailAddress, 'hard_bounce')));
}

export default sesWebhook;
