import { CronJob } from 'cron';
import { consola } from 'consola';
import { and, eq, lt } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { memberships, plans, spaces } from '../schema.js';
import { payments } from '../payments/client.js';
import { enqueue } from '../lib/jobs.js';

const log = consola.withTag('cron:memberships');
const GRACE_DAYS = 7;
let running = false;

async function expireOne(m: typeof memberships.$inferSelect): Promise<'expired' | 'kept' | undefined> {
  const plan = await db.query.plans.findFirst({ where: eq(plans.id, m.planId) });
  if (!plan) return; //= return: yes  membership of a deleted plan is never expired

  if (plan.price === 0) return 'kept'; //= return: no  free plans do not end, outcome returned

  let subscription;
  try {
    subscription = await payments.subscriptions.retrieve(m.externalId);
  } catch (err) { //= catch: yes  payment provider unreachable, membership kept and nobody sees it
    return 'kept'; //= return: yes  kept because of a failure that the result hides
  }
  if (subscription.status === 'active' || subscription.status === 'trialing') {
    await db.update(memberships).set({ paidUntil: new Date(subscription.periodEnd * 1000) }).where(eq(memberships.id, m.id));
    return 'kept'; //= return: no  branch did its work
  }

  const space = await db.query.spaces.findFirst({ where: eq(spaces.id, m.spaceId) });
  if (space?.ownerId === m.userId) return 'kept'; //= return: yes  owner is exempt, outcome without reason
  await db.update(memberships).set({ state: 'expired' }).where(eq(memberships.id, m.id));
  await enqueue('mail.membership-expired', { membershipId: m.id });
  return 'expired';
}

export async function expireMemberships(now = new Date()): Promise<void> {
  if (running) {
    log.warn('previous run is still going');
    return; //= return: no  logged
  }
  running = true;
  const tally = { expired: 0, kept: 0, skipped: 0 };
  try {
    const limit = new Date(+now - GRACE_DAYS * 86_400_000);
    const due = await db.select().from(memberships).where(and(eq(memberships.state, 'active'), lt(memberships.paidUntil, limit)));
    for (const m of due) {
      const outcome = await expireOne(m).catch((e: Error) => { //= catch: no  logged, though as text
        log.error(`membership ${m.id} not expired: ${e.message}`); //= structured-event  interpolated //= error-with-context  message only
        return undefined;
      });
      tally[outcome ?? 'skipped'] += 1;
    }
  } catch (e) { //= catch: no  logged with the error
    log.error('membership sweep failed', e);
  } finally {
    running = false;
  }
  log.success('membership sweep done', tally);
}

export const job = process.env.CRON_OFF ? undefined : new CronJob('0 15 * * * *', () => void expireMemberships());
