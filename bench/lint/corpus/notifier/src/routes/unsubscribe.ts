import type { FastifyPluginCallback } from 'fastify';
import { db } from '../lib/db';
import { verifyLink } from '../lib/tokens';
import { renderPage } from '../lib/pages';
import { preferences } from '../domain/preferences';
import { outbound } from '../outbound/dispatcher';

interface LinkParams {
  subscriberId: string;
  signature: string;
}

const unsubscribe: FastifyPluginCallback = (app, _opts, done) => {
  // RFC 8058 one-click: mail clients expect a 200 whatever happens
  app.post<{ Params: LinkParams }>('/u/:subscriberId/:signature', async (request, reply) => {
    const { subscriberId, signature } = request.params;
    if (!verifyLink(subscriberId, signature)) return reply.send(); //= return: yes  one-click unsubscribe refused behind a 200
    const changed = await unsubscribeAll(subscriberId, 'one_click');
    request.log.info({ subscriberId, changed }, 'one-click unsubscribe');
    return reply.send();
  });

  app.get<{ Params: LinkParams; Querystring: { topic?: string } }>('/u/:subscriberId/:signature', async (request, reply) => {
    const { subscriberId, signature } = request.params;
    reply.type('text/html');
    if (!verifyLink(subscriberId, signature)) {
      reply.code(400);
      return renderPage('link-invalid'); //= return: no  answered with the reason
    }
    const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId } });
    if (!subscriber) return renderPage('already-gone'); //= return: no  the page says it
    const { topic } = request.query;
    if (topic) {
      await preferences.mute(subscriberId, topic);
      return renderPage('topic-muted', { topic }); //= return: no  branch done, answered
    }
    return renderPage('unsubscribe', { name: subscriber.name, topics: await preferences.topics(subscriberId) });
  });

  app.setErrorHandler((err, request, reply) => {
    if (err.validation) return reply.code(400).send({ error: 'invalid' }); //= return: no  answered with the reason
    request.log.error(`unsubscribe failed: ${err.message}`); //= error-with-context  message alone //= structured-event  interpolated message
    reply.code(500).type('text/html').send(renderPage('error'));
  });

  done();
};

async function unsubscribeAll(subscriberId: string, via: 'one_click' | 'page' | 'api'): Promise<boolean> {
  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId }, include: { workspace: true } });
  if (!subscriber) return false; //= return: no  logged by its only caller as not changed
  if (subscriber.unsubscribedAt) return false; //= return: no  idempotent

  await db.subscriber.update({ where: { id: subscriberId }, data: { unsubscribedAt: new Date(), unsubscribedVia: via } });
  const hook = subscriber.workspace.webhookUrl;
  if (!hook) return true; //= return: no  the workspace has no webhook
  await outbound.enqueue(subscriber.workspaceId, 'subscriber.unsubscribed', { id: subscriberId, via }).catch(() => false); //= catch: yes  customer's webhook never sent, unseen
  return true;
}

export async function resubscribe(subscriberId: string, actorId: string): Promise<void> {
  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId } });
  if (!subscriber?.unsubscribedAt) return; //= return: no  subscribed already, idempotent
  if (subscriber.unsubscribedVia === 'one_click') return; //= return: yes  support's resubscription is ignored
  const complaint = await db.complaint.findFirst({ where: { subscriberId } });
  if (complaint) {
    return; //= return: yes  refused for a complaint, nothing says so
  }
  await db.subscriber.update({ where: { id: subscriberId }, data: { unsubscribedAt: null, resubscribedBy: actorId } });
}

export default unsubscribe;
