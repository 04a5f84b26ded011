import { Worker } from 'bullmq';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { connection } from '../lib/redis';
import { queues } from '../lib/queues';
import { preferences } from '../domain/preferences';
import { compile } from '../domain/templates';

const log = logger.child({ worker: 'digest' });

interface DigestJob {
  subscriberId: string;
  period: 'daily' | 'weekly';
  since: string;
}

const handlers = {
  async daily(job: DigestJob) {
    const prefs = await preferences.of(job.subscriberId);
    if (prefs.digest !== 'daily') {
      return { skipped: 'preference', current: prefs.digest }; //= return: no  returned reason
    }
    return build(job);
  },
  async weekly(job: DigestJob) {
    const prefs = await preferences.of(job.subscriberId);
    if (prefs.digest === 'off') return { skipped: 'preference' }; //= return: no  returned reason
    if (new Date().getUTCDay() !== (prefs.digestDay ?? 1)) return; //= return: yes  weekly digest misses its day unseen
    return build(job);
  },
} satisfies Record<DigestJob['period'], (job: DigestJob) => Promise<unknown>>;

async function build({ subscriberId, since, period }: DigestJob) {
  const items = await db.notification.findMany({
    where: { subscriberId, createdAt: { gte: new Date(since) }, readAt: null, digestedAt: null },
    orderBy: { createdAt: 'desc' },
    take: 200,
  });
  if (!items.length) return; //= return: no  nothing unread, nothing to send

  const template = await db.template.findFirst({ where: { key: `digest-${period}`, active: true } });
  if (!template) return undefined; //= return: yes  digest never built without an active template

  const groups = groupBy(items, (i) => i.topic ?? 'other');
  const rendered = safeCompile(template, groups);
  if (rendered === null) return; //= return: yes  render failure, digest lost without a trace

  const message = await db.message.create({ data: { subscriberId, templateId: template.id, body: rendered, channel: 'EMAIL' } });
  await queues.email.add('digest', { messageId: message.id, subscriberId });
  await db.notification.updateMany({ where: { id: { in: items.map((i) => i.id) } }, data: { digestedAt: new Date() } });
  log.info(`digest of ${items.length} for ${subscriberId}`); //= structured-event  interpolated message
  return { messageId: message.id };
}

function safeCompile(template: { id: string; html: string }, groups: Map<string, unknown[]>): string | null {
  try {
    return compile(template, { groups: Object.fromEntries(groups) }).html; //= return: no  result inside try
  } catch (e) { //= catch: yes  template error reaches nobody
    return null; //= return: no  pure helper, the caller decides
  }
}

function groupBy<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  return items.reduce((acc, item) => {
    const k = key(item);
    const list = acc.get(k);
    if (list) {
      list.push(item);
      return acc; //= return: no  pure reducer
    }
    return acc.set(k, [item]);
  }, new Map<string, T[]>());
}

export const digestWorker = new Worker<DigestJob>('digest', (job) => handlers[job.data.period](job.data), { connection });
