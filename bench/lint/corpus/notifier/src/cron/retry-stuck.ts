import cron from 'node-cron';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { queues } from '../lib/queues';
import { redis } from '../lib/redis';
import { alertOps } from '../lib/alerts';

const log = logger.child({ cron: 'retry-stuck' });
const STUCK_AFTER = 15 * 60_000;
const MAX_RETRIES = 4;

type Stuck = { id: string; channel: keyof typeof queues; subscriberId: string; retries: number; expiresAt: Date | null };

async function retryOne(message: Stuck): Promise<boolean> {
  if (message.expiresAt && message.expiresAt < new Date()) {
    await db.message.update({ where: { id: message.id }, data: { status: 'EXPIRED' } });
    return false; //= return: no  the status stored says why
  }
  if (message.retries >= MAX_RETRIES) return false; //= return: yes  message abandoned, stays pending for good

  const queue = queues[message.channel];
  const job = await queue.getJob(message.id);
  const state = await job?.getState();
  switch (state) {
    case 'active':
    case 'waiting':
      return false; //= return: no  still on its way
    case 'delayed': {
      await job!.promote();
      return true; //= return: no  branch done
    }
    case 'failed':
      try {
        await job!.retry();
        return true; //= return: no  branch done
      } catch (err) { //= catch: yes  retry refused, cause lost, a second job is added
        await queue.remove(message.id);
      }
  }
  await queue.add('send', { messageId: message.id, subscriberId: message.subscriberId }, { jobId: message.id });
  await db.message.update({ where: { id: message.id }, data: { retries: { increment: 1 } } });
  return true;
}

export async function run(now = new Date()): Promise<void> {
  const leader = await redis.set('cron:retry-stuck', String(process.pid), 'PX', 50_000, 'NX');
  if (!leader) return; //= return: maybe  another instance leads, usual, yet nothing shows that any does

  const paused = await Promise.all(Object.values(queues).map((q) => q.isPaused()));
  if (paused.every(Boolean)) return; //= return: yes  all queues paused, nothing retried, nothing said

  const stuck: Stuck[] = await db.message.findMany({ where: { status: 'PENDING', updatedAt: { lt: new Date(now.getTime() - STUCK_AFTER) } }, take: 500 });
  if (stuck.length > 300) {
    await alertOps('stuck_messages', { count: stuck.length });
    return; //= return: no  reported to the operators
  }

  let retried = 0;
  for (const message of stuck) {
    try {
      if (await retryOne(message)) retried += 1;
    } catch (err) { //= catch: no  logged, though as text
      log.error({ messageId: message.id }, `retry failed ${err}`); //= error-with-context  error interpolated as text //= structured-event  interpolated message
    }
  }
  if (retried === 0) return; //= return: no  only skips the summary line
  log.info({ retried, seen: stuck.length }, 'stuck messages retried');
}

export async function giveUp(workspaceId: string): Promise<number> {
  const workspace = await db.workspace.findUnique({ where: { id: workspaceId } });
  if (workspace?.keepPending) return 0; //= return: yes  pending messages kept for a setting, a zero is all
  const owner = await db.user.findFirst({ where: { workspaceId, role: 'owner' } });
  const { count } = await db.message.updateMany({ where: { workspaceId, status: 'PENDING' }, data: { status: 'ABANDONED' } });
  if (count === 0) return 0; //= return: no  nothing was pending
  if (owner == null) return count; //= return: yes  nobody learns that messages were abandoned
  await queues.email.add('abandoned', { userId: owner.id, count });
  return count;
}

export const task = cron.schedule('* * * * *', () => run().catch((err) => log.error({ err }, 'retry-stuck failed')), { noOverlap: true }); //= catch: no  logged
