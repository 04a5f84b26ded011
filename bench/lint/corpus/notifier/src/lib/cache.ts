import { redis } from './redis';
import { logger } from './logger';
import { cacheOps } from '../plugins/metrics';

const log = logger.child({ component: 'cache' });
const local = new Map<string, { value: unknown; until: number }>();
const flights = new Map<string, Promise<unknown>>();

export const cache = {
  async get<T>(key: string): Promise<T | undefined> {
    const near = local.get(key);
    if (near && near.until > Date.now()) return near.value as T; //= return: no  cache hit
    let text: string | null;
    try {
      text = await redis.get(key);
    } catch (err) { //= catch: no  logged
      log.warn({ err, space: key.split(':', 1)[0] }, 'cache read failed');
      return undefined; //= return: no  logged
    }
    cacheOps.inc({ op: text === null ? 'miss' : 'hit', key }); //= bounded-labels  cache key as a label
    if (text === null) return; //= return: no  cache miss
    try {
      return JSON.parse(text) as T; //= return: no  parsed value
    } catch { //= catch: no  parse probe, the entry is dropped
      void redis.del(key);
      return undefined; //= return: no  cache miss
    }
  },

  async set(key: string, value: unknown, seconds: number): Promise<void> {
    if (value === undefined || seconds <= 0) return; //= return: no  nothing to store
    local.set(key, { value, until: Date.now() + Math.min(seconds, 5) * 1000 });
    await redis.set(key, JSON.stringify(value), 'EX', seconds);
  },

  async del(...keys: string[]): Promise<void> {
    if (!keys.length) return; //= return: no  emptiness guard
    keys.forEach((k) => local.delete(k));
    try {
      await redis.del(...keys);
      await redis.publish('cache:evict', JSON.stringify(keys));
    } catch { //= catch: yes  stale entries stay on the other instances, unseen
    }
  },

  async wrap<T>(key: string, seconds: number, load: () => Promise<T>): Promise<T> {
    const hit = await cache.get<T>(key);
    if (hit !== undefined) return hit; //= return: no  cache hit
    const flight = flights.get(key);
    if (flight) return flight as Promise<T>; //= return: no  shared flight
    const started = load().finally(() => flights.delete(key));
    flights.set(key, started);
    const value = await started;
    // the value is at hand, a full or absent cache must not fail the caller
    await cache.set(key, value, seconds).catch(() => {}); //= catch: no  best effort, commented
    return value;
  },
};

export async function listen() {
  const sub = redis.duplicate();
  await sub.subscribe('cache:evict');
  sub.on('message', (_channel, text) => {
    let keys: unknown;
    try {
      keys = JSON.parse(text);
    } catch (err) { //= catch: no  logged, though as text
      log.warn(`bad eviction message: ${(err as Error).message}`); //= error-with-context  message alone //= structured-event  interpolated message
      return; //= return: no  logged
    }
    if (!Array.isArray(keys)) return; //= return: no  shape guard of a message
    for (const key of keys) local.delete(String(key));
  });
  return () => sub.quit();
}
