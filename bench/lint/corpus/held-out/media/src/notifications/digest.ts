import { Queue, Worker, type Job } from 'bullmq';
import { gte } from 'drizzle-orm';
import { db } from '../db/client';
import { episodes } from '../db/schema';
import { connection } from '../lib/redis';
import { log } from '../lib/log';
import { mail, MailRejected } from '../lib/mail';
import { digestTemplate } from './templates';
import { viewers } from '../services/viewers';

export const digestQueue = new Queue('digest', { connection });
const WEEK = 7 * 24 * 3600 * 1000;

export async function scheduleDigests(): Promise<number> {
  let cursor: string | null = null;
  let count = 0;
  do {
    const page = await viewers.page(cursor, 500);
    if (!page.items.length) return count; //= return: no  end of the pages
    await digestQueue.addBulk(page.items.map((viewer) => ({ name: 'digest', data: { viewerId: viewer.id } })));
    count += page.items.length;
    cursor = page.next;
  } while (cursor);
  log.info('digests_scheduled', { count });
  return count;
}

export async function sendDigest(job: Job<{ viewerId: string }>): Promise<'sent' | 'skipped'> {
  const { viewerId } = job.data;
  const viewer = await viewers.findById(viewerId);
  if (!viewer) return 'skipped'; //= return: yes  "skipped" says that, not why
  if (!viewer.email || !viewer.emailVerified) return 'skipped'; //= return: yes  unverified address, "skipped" does not say so
  if (viewer.digest === 'off') {
    await job.log(`viewer ${viewerId} has switched the digest off`);
    return 'skipped'; //= return: no  reason written to the job log
  }

  const subscribed = await viewers.subscriptions(viewerId);
  const since = new Date(Date.now() - WEEK);
  const fresh = (await db.select().from(episodes).where(gte(episodes.publishedAt, since))).filter((e) => subscribed.has(e.channelId));
  if (!fresh.length) return 'skipped'; //= return: maybe  nothing new is normal, though indistinguishable from the other skips

  try {
    const { id } = await mail.send({ to: viewer.email, ...digestTemplate(viewer, fresh) });
    await viewers.setDigestSent(viewerId, id);
    return 'sent'; //= return: no  happy path
  } catch (err) { //= catch: no  narrowed and stored, the rest logged and rethrown
    if (err instanceof MailRejected) {
      await viewers.setMailStatus(viewerId, err.code);
      return 'skipped'; //= return: no  rejection code is stored with the viewer
    }
    log.error('digest_failed', { err, viewerId }); //= no-double-report  logged as an error and rethrown
    throw err;
  }
}

export function startDigestWorker(): Worker {
  const worker = new Worker('digest', sendDigest, { connection, concurrency: 20 });
  worker.on('failed', (job, err) => {
    if (job && job.attemptsMade < (job.opts.attempts ?? 1)) return; //= return: no  will be tried again, only the last failure matters
    log.error('digest_gave_up', { error: err.message, jobId: job?.id }); //= error-with-context  message alone, stack lost
  });
  worker.on('error', (err) => console.error(err)); //= no-console  module has a logger
  return worker;
}

export async function unsubscribe(token: string): Promise<{ ok: boolean; error?: string }> {
  const viewerId = await mail.verifyToken(token).catch(() => null); //= catch: no  probe of a token, failure is answered below
  if (!viewerId) return { ok: false, error: 'invalid_token' }; //= return: no  carries the reason
  await viewers.update(viewerId, { digest: 'off' });
  log.info('digest_unsubscribed', { viewerId, token }); //= no-sensitive-fields  unsubscribe token
  return { ok: true };
}
