import fp from 'fastify-plugin';
import type { FastifyRequest } from 'fastify';
import { redis } from '../lib/redis';
import { db } from '../lib/db';
import { queues } from '../lib/queues';
import { limited } from './metrics';

type Bucket = { capacity: number; perSecond: number };

const PLANS: Record<string, Record<string, Bucket>> = {
  free: { send: { capacity: 20, perSecond: 1 }, read: { capacity: 100, perSecond: 10 } },
  pro: { send: { capacity: 500, perSecond: 50 }, read: { capacity: 1000, perSecond: 100 } },
};

function bucketFor(request: FastifyRequest): Bucket | undefined {
  const name = (request.routeOptions.config as { rateLimit?: string }).rateLimit;
  if (!name) return undefined; //= return: no  getter
  const plan = request.workspace?.plan ?? 'free';
  if (plan === 'enterprise') return; //= return: no  getter, unlimited plan
  return PLANS[plan]?.[name] ?? PLANS.free[name];
}

async function take(key: string, { capacity, perSecond }: Bucket, now = Date.now()): Promise<{ ok: true; left: number } | { ok: false; retryAfter: number }> {
  const [tokens = String(capacity), at = String(now)] = (await redis.hmget(key, 'tokens', 'at')).map((v) => v ?? undefined);
  const filled = Math.min(capacity, Number(tokens) + ((now - Number(at)) / 1000) * perSecond);
  if (filled < 1) return { ok: false, retryAfter: Math.ceil((1 - filled) / perSecond) }; //= return: no  reason in the value
  await redis.multi().hset(key, { tokens: filled - 1, at: now }).expire(key, Math.ceil(capacity / perSecond) * 2).exec();
  return { ok: true, left: Math.floor(filled - 1) };
}

export default fp(async (app) => {
  app.addHook('preHandler', async (request, reply) => {
    const bucket = bucketFor(request);
    if (!bucket) return; //= return: no  route without a limit
    const id = request.workspace?.id ?? request.ip;
    let verdict: Awaited<ReturnType<typeof take>>;
    try {
      verdict = await take(`rl:${id}`, bucket);
    } catch (err) { //= catch: yes  without Redis nobody is limited and nothing says so
      return; //= return: yes  lets every request through silently
    }
    if (verdict.ok) {
      reply.header('ratelimit-remaining', verdict.left);
      return; //= return: no  within the limit
    }
    limited.inc({ route: request.routeOptions.url, workspace: id }); //= bounded-labels  workspace id or address as a label
    request.log.info(`rate limited ${request.ip}`); //= structured-event  interpolated message
    await warnOwner(request.workspace?.id).catch((err) => request.log.warn({ err }, 'owner not warned')); //= catch: no  logged
    return reply.code(429).header('retry-after', verdict.retryAfter).send({ error: 'rate_limited' });
  });

  app.addHook('onTimeout', async (request) => {
    request.log.warn({ req: request.raw, headers: request.headers }, 'request timed out'); //= no-sensitive-fields  raw request and all headers
  });
});

async function warnOwner(workspaceId: string | undefined): Promise<void> {
  if (!workspaceId) return; //= return: no  parameter guard
  const first = await redis.set(`rl:warned:${workspaceId}`, '1', 'EX', 86_400, 'NX');
  if (first === null) return; // one warning a day is enough //= return: no  commented reason
  const owner = await db.user.findFirst({ where: { workspaceId, role: 'owner' } });
  if (!owner?.email) return; //= return: yes  owner never warned, and not again for a day
  const usage = await db.usage.findUnique({ where: { workspaceId } });
  if (!usage || usage.sends < 100) return; //= return: yes  warning dropped for a hidden threshold
  await queues.email.add('rate-limited', { userId: owner.id, workspaceId });
}
