import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { randomUUID } from 'node:crypto';
import { db } from '../lib/db';
import { queues } from '../lib/queues';
import { preferences, type Channel } from '../domain/preferences';
import { cache } from '../lib/cache';

interface SendBody {
  template: string;
  to: { subscriberId: string };
  channels?: Channel[];
  vars?: Record<string, unknown>;
  idempotencyKey?: string;
}

type Outcome = { channel: Channel; status: 'queued' | 'muted' | 'unreachable'; messageId?: string };

const send: RouteHandlerMethod = async (request, reply) => {
  const body = request.body as SendBody;
  const workspaceId = request.workspace!.id;
  const key = body.idempotencyKey && `idem:${workspaceId}:${body.idempotencyKey}`;
  if (key) {
    const earlier = await cache.get<{ id: string }>(key);
    if (earlier) return reply.code(200).send({ ...earlier, repeated: true }); //= return: no  idempotent, answered
  }

  const template = await db.template.findFirst({ where: { workspaceId, key: body.template } });
  if (!template) return reply.code(404).send({ error: 'template_not_found', template: body.template }); //= return: no  answered with the reason
  const subscriber = await db.subscriber.findFirst({ where: { workspaceId, id: body.to.subscriberId } });
  if (!subscriber) {
    reply.code(404);
    return { error: 'subscriber_not_found' }; //= return: no  answered with the reason
  }

  const id = randomUUID();
  const channels = body.channels ?? template.channels;
  const outcomes = await Promise.all(channels.map((channel: Channel) => route(id, channel, template.id, subscriber, body.vars ?? {})));
  if (key) await cache.set(key, { id }, 86_400).catch((err) => request.log.warn({ err, key }, 'idempotency key not stored')); //= catch: no  logged
  request.log.info('message ' + id + ' accepted'); //= structured-event  concatenated message
  return reply.code(202).send({ id, outcomes });
};

async function route(requestId: string, channel: Channel, templateId: string, subscriber: any, vars: object): Promise<Outcome> {
  const allowed = await preferences.allows(subscriber.id, channel, templateId);
  if (!allowed) return { channel, status: 'muted' }; //= return: no  the outcome carries the reason
  const address = addressFor(channel, subscriber);
  if (address === undefined) return { channel, status: 'unreachable' }; //= return: no  the outcome carries the reason

  const message = await db.message.create({ data: { requestId, channel, templateId, subscriberId: subscriber.id, vars } });
  await queues[channel].add('send', { messageId: message.id, subscriberId: subscriber.id });
  return { channel, status: 'queued', messageId: message.id };
}

function addressFor(channel: Channel, s: { email?: string; phone?: string; pushTokens?: unknown[] }): unknown {
  switch (channel) {
    case 'email':
      return s.email; //= return: no  getter
    case 'sms':
      return s.phone; //= return: no  getter
    case 'push':
      return s.pushTokens?.length ? s.pushTokens : undefined; //= return: no  getter
    default: {
      const never: never = channel;
      return never; //= return: no  exhaustiveness check
    }
  }
}

export default async function messages(app: FastifyInstance) {
  app.post('/messages', { config: { rateLimit: 'send' } }, send);

  app.post<{ Params: { id: string } }>('/messages/:id/cancel', async (request, reply) => {
    const pending = await db.message.findMany({ where: { requestId: request.params.id, status: 'PENDING' } });
    if (!pending.length) return reply.code(409).send({ error: 'nothing_pending' }); //= return: no  answered with the reason
    for (const m of pending) {
      const job = await queues[m.channel as Channel].getJob(m.id);
      await job?.remove().catch(() => null); //= catch: yes  a job being worked on is still sent though reported as cancelled
    }
    await db.message.updateMany({ where: { id: { in: pending.map((m: { id: string }) => m.id) } }, data: { status: 'CANCELLED' } });
    return { cancelled: pending.length };
  });
}
