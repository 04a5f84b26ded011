import { eq, sum } from 'drizzle-orm';
import { db } from '../db/client';
import { assets, channels } from '../db/schema';
import { billing } from '../clients/billing';
import { log } from '../lib/log';
import { redis } from '../lib/redis';
import { mail } from '../lib/mail';

const GB = 1024 ** 3;
const PLAN_LIMITS: Record<string, number> = { free: 5 * GB, creator: 100 * GB, pro: 1000 * GB };

type QuotaCheck = { ok: true; left: number } | { ok: false; reason: 'unknown_channel' | 'over_limit' | 'payment_overdue' };

async function limitOf(channelId: string): Promise<number> {
  const channel = await db.query.channels.findFirst({ where: eq(channels.id, channelId) });
  if (!channel) return 0; //= return: no  lookup without effects
  if (channel.customLimit !== null) return channel.customLimit; //= return: no  lookup without effects
  return PLAN_LIMITS[channel.plan] ?? PLAN_LIMITS.free;
}

async function usage(channelId: string): Promise<number> {
  const cached = await redis.get(`usage:${channelId}`);
  if (cached !== null) return Number(cached); //= return: no  cache hit
  const [row] = await db.select({ total: sum(assets.size) }).from(assets).where(eq(assets.channelId, channelId));
  const total = Number(row?.total ?? 0);
  await redis.set(`usage:${channelId}`, total, 'EX', 300).catch((err) => { //= catch: no  logged with ids
    log.warn('usage_cache_failed', { err, channelId });
  });
  return total;
}

export const quota = {
  async check(channelId: string, size: number): Promise<QuotaCheck> {
    const limit = await limitOf(channelId);
    if (limit === 0) return { ok: false, reason: 'unknown_channel' }; //= return: no  carries the reason
    const overdue = await billing.isOverdue(channelId).catch(() => false); //= catch: yes  an outage of billing opens the gate without a sign
    if (overdue) return { ok: false, reason: 'payment_overdue' }; //= return: no  carries the reason
    const left = limit - (await usage(channelId));
    if (left < size) return { ok: false, reason: 'over_limit' }; //= return: no  carries the reason
    return { ok: true, left };
  },

  async warnIfNearLimit(channelId: string): Promise<void> {
    const [used, limit] = await Promise.all([usage(channelId), limitOf(channelId)]);
    if (used / limit < 0.9) return; //= return: no  below the threshold, nothing to warn about
    const warned = await redis.set(`quota-warned:${channelId}`, '1', 'EX', 7 * 86400, 'NX');
    if (!warned) return; //= return: no  once a week by its key, idempotent
    const owner = await db.query.viewers.findFirst({ where: (v, { eq: is }) => is(v.ownedChannelId, channelId) });
    if (!owner?.email) return; //= return: yes  the owner is not warned, then uploads fail
    await mail.send({ to: owner.email, subject: 'Your storage is almost full', text: `${Math.round((used / limit) * 100)} %` });
  },

  async syncPlan(channelId: string): Promise<void> {
    try {
      const plan = await billing.currentPlan(channelId);
      if (!plan) return; //= return: yes  a channel without a plan keeps its old one, unexplained
      if (!(plan in PLAN_LIMITS)) {
        console.warn('unknown plan', plan); //= no-console  module has a logger
        return; //= return: no  reported above, through the console
      }
      await db.update(channels).set({ plan }).where(eq(channels.id, channelId));
      log.info('plan_synced', { channelId, plan, billingApiKey: process.env.BILLING_API_KEY }); //= no-sensitive-fields  API key of the billing service
    } catch (err) { //= catch: no  rethrown, though without its cause
      throw new Error(`plan of ${channelId} could not be synced`); //= error-with-context  new error in a catch without cause
    }
  },

  async grantBonus(channelId: string, gigabytes: number): Promise<void> {
    const channel = await db.query.channels.findFirst({ where: eq(channels.id, channelId) });
    if (!channel) return; //= return: yes  a bonus that someone paid for is not granted
    if (channel.customLimit === null && channel.plan === 'free') return; //= return: yes  free channels get nothing, rule is invisible
    await db.update(channels).set({ customLimit: (channel.customLimit ?? 0) + gigabytes * GB }).where(eq(channels.id, channelId));
    await redis.del(`usage:${channelId}`);
  },
};
