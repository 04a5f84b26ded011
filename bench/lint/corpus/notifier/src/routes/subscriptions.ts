import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { db } from '../lib/db';
import { queues } from '../lib/queues';
import { signConfirmation, readConfirmation } from '../lib/tokens';
import { signups } from '../plugins/metrics';

const createBody = z.object({ email: z.string().email(), topics: z.array(z.string()).min(1), locale: z.string().default('en'), source: z.string().optional() });

export default async function subscriptions(app: FastifyInstance) {
  app.post('/subscriptions', async (request, reply) => {
    const parsed = createBody.safeParse(request.body);
    if (!parsed.success) {
      return reply.code(422).send({ error: 'invalid', issues: parsed.error.issues }); //= return: no  answered with the reason
    }
    const { email, topics, locale, source } = parsed.data;
    request.log.info({ body: request.body, topics }, 'subscription requested'); //= no-sensitive-fields  whole request body
    signups.inc({ source: source ?? 'direct' }); //= bounded-labels  user input as a label

    const existing = await db.subscriber.findUnique({ where: { email } });
    if (existing?.blockedAt) return reply.code(202).send({ status: 'pending' }); //= return: yes  a blocked address gets the same answer and nothing is logged
    if (existing?.emailConfirmedAt) {
      await addTopics(existing.id, topics);
      return reply.code(200).send({ status: 'updated' }); //= return: no  branch done, answered
    }

    const subscriber = existing ?? (await db.subscriber.create({ data: { email, locale } }));
    await addTopics(subscriber.id, topics);
    const token = signConfirmation(subscriber.id);
    await queues.email.add('confirm', { subscriberId: subscriber.id, token });
    return reply.code(202).send({ status: 'pending' });
  });

  app.get<{ Querystring: { token?: string } }>('/subscriptions/confirm', async (request, reply) => {
    const { token } = request.query;
    if (!token) return reply.code(400).send({ error: 'token_missing' }); //= return: no  answered with the reason
    const claim = readConfirmation(token);
    if (!claim) {
      request.log.warn({ token }, 'confirmation refused'); //= no-sensitive-fields  confirmation token
      return reply.redirect('/confirm/expired'); //= return: no  logged and shown
    }
    const { count } = await db.subscriber.updateMany({ where: { id: claim.sub, emailConfirmedAt: null }, data: { emailConfirmedAt: new Date() } });
    if (!count) return reply.redirect('/confirm/done'); //= return: no  idempotent, confirmed before
    await queues.email.add('welcome', { subscriberId: claim.sub });
    return reply.redirect('/confirm/done');
  });

  app.delete<{ Params: { id: string } }>('/subscriptions/:id', remove);
}

async function addTopics(subscriberId: string, topics: string[]) {
  const known = await db.topic.findMany({ where: { key: { in: topics }, archivedAt: null } });
  if (known.length === 0) return; //= return: yes  subscribed to nothing, still answered as a success
  await db.subscription.createMany({ data: known.map((t) => ({ subscriberId, topicId: t.id })), skipDuplicates: true });
}

async function remove(request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) {
  try {
    await db.subscription.delete({ where: { id: request.params.id } });
  } catch (err: any) { //= catch: no  narrowed to a missing row, the rest rethrown
    if (err.code === 'P2025') return reply.code(404).send({ error: 'not_found' }); //= return: no  narrowed and answered
    throw err;
  }
  return reply.code(204).send();
}
