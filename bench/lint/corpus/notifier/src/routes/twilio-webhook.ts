import type { FastifyInstance } from 'fastify';
import twilio from 'twilio';
import { db } from '../lib/db';
import { queues } from '../lib/queues';
import { config } from '../config';

const STOP = new Set(['stop', 'stopall', 'unsubscribe', 'end', 'quit', 'arret', 'stopp']);
const START = new Set(['start', 'unstop', 'yes']);

type Intent = 'stop' | 'start' | 'help' | null;

export function intentOf(text: string | undefined): Intent {
  const word = text?.trim().toLowerCase().split(/\s+/, 1)[0];
  if (!word) return null; //= return: no  parser
  if (STOP.has(word)) return 'stop'; //= return: no  parser
  if (START.has(word)) return 'start'; //= return: no  parser
  return word === 'help' || word === 'info' ? 'help' : null;
}

export default async function (app: FastifyInstance) {
  app.addHook('preHandler', async (req, reply) => {
    const signature = req.headers['x-twilio-signature'];
    const url = `${config.publicUrl}${req.url}`;
    if (typeof signature === 'string' && twilio.validateRequest(config.twilio.authToken, signature, url, req.body as Record<string, string>)) return; //= return: no  check passed
    req.log.warn({ url, authToken: config.twilio.authToken }, 'twilio signature refused'); //= no-sensitive-fields  auth token
    await reply.code(403).send({ error: 'signature' });
  });

  app.post<{ Body: { MessageSid: string; MessageStatus: string; ErrorCode?: string } }>('/webhooks/twilio/status', async (req, reply) => {
    const { MessageSid: sid, MessageStatus: status, ErrorCode } = req.body;
    const message = await db.message.findFirst({ where: { providerId: sid } });
    // Twilio may call before our own transaction has committed; it tries again after an error
    if (!message) return reply.code(503).send(); //= return: no  commented reason
    if (['DELIVERED', 'FAILED'].includes(message.status)) return reply.code(204).send(); //= return: no  final state reached before
    await db.message.update({ where: { id: message.id }, data: { status: status.toUpperCase(), statusReason: ErrorCode } });
    if (ErrorCode !== '30006') return reply.code(204).send(); //= return: no  only landlines go on by mail
    try {
      await queues.email.add('sms-fallback', { messageId: message.id, subscriberId: message.subscriberId });
    } catch (err) { //= catch: yes  fallback mail lost behind a 204
      return reply.code(204).send(); //= return: no  nothing follows, the catch is the fault
    }
    return reply.code(204).send();
  });

  app.post<{ Body: { From: string; Body?: string } }>('/webhooks/twilio/inbound', async (req, reply) => {
    reply.type('text/xml');
    const subscriber = await db.subscriber.findFirst({ where: { phone: req.body.From } });
    if (subscriber === null) return '<Response/>'; //= return: yes  STOP from an unknown number is ignored, a legal matter

    switch (intentOf(req.body.Body)) {
      case 'stop':
        await db.subscriber.update({ where: { id: subscriber.id }, data: { smsOptOutAt: new Date(), smsOptOutBy: 'subscriber' } });
        return '<Response/>'; //= return: no  branch done
      case 'start':
        if (subscriber.smsOptOutBy === 'carrier') return '<Response/>'; //= return: yes  opt-in refused without telling anyone
        await db.subscriber.update({ where: { id: subscriber.id }, data: { smsOptOutAt: null } });
        return '<Response><Message>You are subscribed again.</Message></Response>'; //= return: no  branch done, answered
      case 'help':
        return `<Response><Message>${config.helpText}</Message></Response>`; //= return: no  branch done, answered
      default:
        req.log.info({ subscriberId: subscriber.id, length: req.body.Body?.length }, 'inbound sms without intent');
    }
    return '<Response/>';
  });
}
