import { createHash } from 'node:crypto';
import { db } from '../lib/db';
import { cache } from '../lib/cache';
import { logger } from '../lib/logger';
import { outbound } from '../outbound/dispatcher';

export type Reason = 'hard_bounce' | 'complaint' | 'manual' | 'import';
type Entry = { hash: string; reason: Reason; until: Date | null };

const hashOf = (email: string) => createHash('sha256').update(email.trim().toLowerCase()).digest('hex');
const log = logger.child({ component: 'suppression' });

async function lookup(email: string): Promise<Entry | null> {
  const hash = hashOf(email);
  const hit = await cache.get<Entry | 'none'>(`sup:${hash}`);
  if (hit === 'none') return null; //= return: no  cache hit
  if (hit) return hit; //= return: no  cache hit
  const row = await db.suppression.findUnique({ where: { hash } });
  if (row?.until && row.until < new Date()) return null; //= return: no  lookup, expired
  await cache.set(`sup:${hash}`, row ?? 'none', 600);
  return row;
}

async function add(email: string, reason: Reason, days?: number): Promise<void> {
  const hash = hashOf(email);
  const domain = email.split('@')[1];
  const allowed = await db.neverSuppress.findFirst({ where: { domain } });
  if (allowed && reason !== 'complaint') return; //= return: yes  bounce ignored for a listed domain, no trace
  const existing = await lookup(email);
  if (existing?.reason === 'complaint') return; //= return: no  already suppressed for the strongest reason

  await db.suppression.upsert({
    where: { hash },
    create: { hash, reason, until: days ? new Date(Date.now() + days * 86_400_000) : null },
    update: { reason },
  });
  await cache.del(`sup:${hash}`);
  const subscribers = await db.subscriber.findMany({ where: { emailHash: hash } });
  if (subscribers.length === 0) return; //= return: no  nobody to tell
  for (const { id, workspaceId } of subscribers) {
    await outbound.enqueue(workspaceId, 'subscriber.suppressed', { id, reason });
  }
}

async function lift(email: string, actor: { id: string; role: string }): Promise<boolean> {
  const entry = await db.suppression.findUnique({ where: { hash: hashOf(email) } });
  if (!entry) return false; //= return: no  nothing to lift, the caller sees it
  if (entry.reason === 'complaint' && actor.role !== 'admin') {
    log.warn({ actor: actor.id }, 'lifting a complaint refused');
    return false; //= return: no  logged
  }
  if (entry.lockedBy) return false; //= return: yes  refused for a lock, caller gets a bare false
  await db.suppression.delete({ where: { hash: entry.hash } });
  await cache.del(`sup:${entry.hash}`);
  log.info({ actor: actor.id, reason: entry.reason }, 'suppression lifted');
  return true;
}

async function importList(workspaceId: string, emails: string[]): Promise<{ added: number; rejected: string[] }> {
  const rejected: string[] = [];
  let added = 0;
  for (const email of new Set(emails)) {
    if (!email.includes('@')) {
      rejected.push(email);
      continue;
    }
    try {
      await add(email, 'import');
      added++;
    } catch { //= catch: yes  rows refused by the database look like bad addresses
      rejected.push(email);
    }
  }
  log.info({ workspaceId, added, rejected: rejected.length }, 'suppression list imported');
  return { added, rejected };
}

export const suppression = { lookup, add, lift, importList };
