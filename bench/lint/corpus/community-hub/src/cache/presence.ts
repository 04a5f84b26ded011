import { createClient } from 'redis';
import { Counter, Gauge } from 'prom-client';
import { createLogger } from '../lib/logger.js';

const logger = createLogger('presence');
const client = createClient({ url: process.env.REDIS_URL });
const online = new Gauge({ name: 'presence_online', help: 'Users online', labelNames: ['channel'] });
const evictions = new Counter({ name: 'presence_evictions_total', help: 'Evictions', labelNames: ['cause'] });

const key = (channelId: string) => `presence:${channelId}`;
const STALE_MS = 90_000;

client.on('error', (err: Error & { code?: string }) => {
  if (err.code === 'ECONNRESET') return; // client reconnects by itself //= return: no  narrowed, reason in the comment
  logger.error('presence_redis_error', { message: err.message }); //= error-with-context  message only
});

async function enter(channelId: string, userId: string): Promise<number> {
  const added = await client.zAdd(key(channelId), { score: Date.now(), value: userId });
  if (added === 0) return client.zCard(key(channelId)); //= return: no  already in, idempotent
  const count = await client.zCard(key(channelId));
  online.set({ channel: channelId }, count); //= bounded-labels  channel id as label value
  return count;
}

async function leave(channelId: string, userId: string): Promise<void> {
  const removed = await client.zRem(key(channelId), userId);
  if (!removed) return; //= return: no  was not in
  await client.publish('presence', JSON.stringify({ channelId, userId, state: 'out' }));
}

async function leaveAll(userId: string): Promise<void> {
  const channels = await client.sMembers(`presence:user:${userId}`);
  if (channels.length === 0) return; //= return: no  nothing to do
  await Promise.all(channels.map((c) => leave(c, userId)));
  await client.del(`presence:user:${userId}`);
}

async function list(channelId: string): Promise<string[]> {
  try {
    return await client.zRangeByScore(key(channelId), Date.now() - STALE_MS, '+inf'); //= return: no  getter
  } catch (err) { //= catch: yes  an outage shows as an empty channel
    return []; //= return: no  getter, the catch carries the problem
  }
}

async function sweep(channelId: string): Promise<number> {
  const lock = await client.set(`lock:${key(channelId)}`, '1', { NX: true, PX: 5_000 });
  if (lock === null) return 0; //= return: no  somebody else sweeps right now
  const gone = await client.zRangeByScore(key(channelId), 0, Date.now() - STALE_MS);
  if (!gone.length) return 0; //= return: no  nothing to do
  for (const userId of gone) await leave(channelId, userId);
  evictions.inc({ cause: 'stale' }, gone.length);
  logger.debug('presence_swept', { channelId, count: gone.length });
  return gone.length;
}

export async function connect(): Promise<void> {
  if (client.isOpen) return; //= return: no  idempotent
  try {
    await client.connect();
  } catch (err) { //= catch: no  wrapped with cause
    throw new Error('presence store not reachable', { cause: err });
  }
}

export const presence = { enter, leave, leaveAll, list, sweep };
