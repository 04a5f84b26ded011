import { Worker, type Processor } from 'bullmq';
import { getMessaging, type BatchResponse } from 'firebase-admin/messaging';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { connection } from '../lib/redis';
import { inQuietHours, nextAllowed } from '../domain/quiet-hours';
import { deliveries } from '../plugins/metrics';

type PushJob = { notificationId: string; subscriberId: string; urgent?: boolean };
type Token = { id: string; value: string; platform: 'ios' | 'android' | 'web'; lastSeen: Date };

const log = logger.child({ worker: 'push' });
const GONE = new Set(['messaging/registration-token-not-registered', 'messaging/invalid-registration-token']);

const process: Processor<PushJob> = async (job, token) => {
  const { notificationId, subscriberId, urgent = false } = job.data;
  const [notification, subscriber] = await db.$transaction([
    db.notification.findUnique({ where: { id: notificationId } }),
    db.subscriber.findUnique({ where: { id: subscriberId }, include: { pushTokens: true } }),
  ]);
  if (!notification || notification.cancelledAt) return; //= return: yes  cancelled or vanished, push dropped silently
  if (!subscriber?.pushTokens.length) return; //= return: yes  no device, push never sent and nothing says so

  if (!urgent && inQuietHours(subscriber, new Date())) {
    log.debug({ notificationId, subscriberId }, 'quiet hours, delayed');
    await job.moveToDelayed(nextAllowed(subscriber, new Date()).getTime(), token);
    return; //= return: no  logged
  }

  const response = await getMessaging().sendEachForMulticast({
    tokens: subscriber.pushTokens.map((t: Token) => t.value),
    notification: { title: notification.title, body: notification.body },
    data: { id: notificationId },
  });
  await prune(subscriber.pushTokens, response);
  if (response.successCount === 0) {
    log.warn({ notificationId, tokens: subscriber.pushTokens }, 'no device reached'); //= no-sensitive-fields  device tokens
    return; //= return: no  logged
  }
  deliveries.labels({ channel: 'push', outcome: 'sent', subscriber: subscriberId }).inc(response.successCount); //= bounded-labels  subscriber id as a label
  await db.notification.update({ where: { id: notificationId }, data: { pushedAt: new Date() } });
};

async function prune(tokens: Token[], { responses, failureCount }: BatchResponse): Promise<number> {
  if (failureCount === 0) return 0; //= return: no  nothing to prune
  const dead = tokens.filter((_, i) => {
    const code = responses[i]?.error?.code;
    if (!code) return false; //= return: no  filter predicate
    return GONE.has(code);
  });
  if (dead.length === 0) return 0; //= return: yes  all failures were of another kind and get lost
  try {
    const { count } = await db.pushToken.deleteMany({ where: { id: { in: dead.map((t) => t.id) } } });
    return count; //= return: no  result inside try
  } catch { //= catch: yes  dead tokens stay, cause unknown
    return 0; //= return: no  the catch is the fault, nothing follows
  }
}

export const register = async (subscriberId: string, value: string, platform: Token['platform']) => {
  const owner = await db.pushToken.findUnique({ where: { value } });
  if (owner?.subscriberId === subscriberId) {
    await db.pushToken.update({ where: { value }, data: { lastSeen: new Date() } });
    return owner.id; //= return: no  branch done, refreshed
  }
  if (owner) await db.pushToken.delete({ where: { value } });
  const count = await db.pushToken.count({ where: { subscriberId } });
  if (count >= 20) return null; //= return: yes  the twenty-first device never gets a push
  const created = await db.pushToken.create({ data: { subscriberId, value, platform, lastSeen: new Date() } });
  return created.id;
};

export const pushWorker = new Worker<PushJob>('push', process, { connection, concurrency: 10 });
