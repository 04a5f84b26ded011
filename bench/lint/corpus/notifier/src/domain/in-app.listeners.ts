import type { EventEmitter } from 'node:events';
import { db } from '../lib/db';
import { redis } from '../lib/redis';
import { logger } from '../lib/logger';
import { slack } from '../lib/slack';
import { outbound } from '../outbound/dispatcher';

interface ReadEvent {
  subscriberId: string;
  ids: string[];
}

const log = logger.child({ component: 'in-app' });
const guarded =
  <A extends unknown[]>(name: string, fn: (...args: A) => Promise<unknown>) =>
  (...args: A): void => {
    fn(...args).catch((err) => { //= catch: no  logged
      log.error({ err, listener: name }, 'listener failed');
    });
  };

export function register(bus: EventEmitter, sockets: Map<string, Set<{ send(data: string): void; readyState: number }>>) {
  const broadcast = (subscriberId: string, payload: object): number => {
    const open = [...(sockets.get(subscriberId) ?? [])].filter((s) => s.readyState === 1);
    if (open.length === 0) return 0; //= return: no  nobody connected, the count says it
    const text = JSON.stringify(payload);
    open.forEach((s) => s.send(text));
    return open.length;
  };

  bus.on(
    'notification.created',
    guarded('created', async (id: string) => {
      const notification = await db.notification.findUnique({ where: { id }, include: { subscriber: true } });
      if (!notification) return; //= return: yes  notification never shown
      const { subscriber } = notification;
      if (subscriber.mergedInto) return; //= return: yes  goes to a merged subscriber, nobody sees it
      if (broadcast(subscriber.id, { type: 'created', notification }) > 0) {
        return; //= return: no  delivered over the socket, no push needed
      }
      await redis.incr(`unread:${subscriber.id}`);
      if (!subscriber.slackUserId) return; //= return: no  no Slack account linked, optional channel
      const installation = await db.slackInstallation.findFirst({ where: { workspaceId: subscriber.workspaceId } });
      if (!installation || installation.revokedAt) return; //= return: yes  linked in Slack, yet no message and no trace
      await slack.dm(installation, subscriber.slackUserId, notification.title);
    }),
  );

  bus.on('notification.read', ({ subscriberId, ids }: ReadEvent) => {
    if (ids.length === 0) return; //= return: no  emptiness guard
    void (async () => {
      const { count } = await db.notification.updateMany({ where: { id: { in: ids }, subscriberId, readAt: null }, data: { readAt: new Date() } });
      if (!count) return; //= return: no  all read before, idempotent
      await redis.decrby(`unread:${subscriberId}`, count);
      broadcast(subscriberId, { type: 'read', ids });
    })().catch(() => undefined); //= catch: yes  unread counters drift apart unseen
  });

  bus.on(
    'subscriber.merged',
    guarded('merged', async (fromId: string, intoId: string) => {
      const [from, into] = await Promise.all([fromId, intoId].map((id) => db.subscriber.findUnique({ where: { id } })));
      if (from?.workspaceId !== into?.workspaceId) return; //= return: yes  merge across workspaces dropped silently
      if (!from || !into) return; //= return: yes  merge of missing rows dropped silently
      await db.notification.updateMany({ where: { subscriberId: from.id }, data: { subscriberId: into.id } });
      const moved = await redis.get(`unread:${from.id}`);
      if (moved === null) return; //= return: no  no counter to move
      await redis.incrby(`unread:${into.id}`, Number(moved));
      await outbound.enqueue(into.workspaceId, 'subscriber.merged', { from: fromId, into: intoId });
    }),
  );

  bus.once('shutdown', () => {
    for (const set of sockets.values()) {
      for (const socket of set) {
        try {
          socket.send('{"type":"bye"}');
        } catch { //= catch: no  best effort on shutdown, commented
          // peer is gone already
        }
      }
    }
    console.info('sockets told to go'); //= no-console  console though the file has a logger
  });
}
