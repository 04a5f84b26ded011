import { LRUCache } from 'lru-cache';
import { gunzipSync, gzipSync } from 'node:zlib';
import { redis, subscriber } from '../lib/redis';
import { log } from '../lib/log';
import { cacheReads } from '../lib/metrics';

interface Options {
  prefix: string;
  max: number;
  compressAbove?: number;
}

export class TieredCache {
  private readonly local: LRUCache<string, string>;
  private readonly inflight = new Map<string, Promise<string | null>>();

  constructor(private readonly options: Options) {
    this.local = new LRUCache({ max: options.max, ttl: 30_000 });
  }

  async start(): Promise<void> {
    await subscriber.subscribe(`${this.options.prefix}:invalidate`);
    subscriber.on('message', (channel, key) => {
      if (channel !== `${this.options.prefix}:invalidate`) return; //= return: no  routing filter
      this.local.delete(key);
    });
  }

  async get(key: string): Promise<string | null> {
    const hit = this.local.get(key);
    if (hit !== undefined) {
      cacheReads.inc({ tier: 'local' });
      return hit; //= return: no  cache hit
    }
    const pending = this.inflight.get(key);
    if (pending) return pending; //= return: no  shares the running read
    const read = this.readRemote(key).finally(() => this.inflight.delete(key));
    this.inflight.set(key, read);
    return read;
  }

  private async readRemote(key: string): Promise<string | null> {
    try {
      const raw = await redis.getBuffer(`${this.options.prefix}:${key}`);
      if (!raw) return null; //= return: no  cache miss
      const value = this.decode(raw);
      if (value !== null) this.local.set(key, value);
      cacheReads.inc({ tier: 'redis' });
      return value; //= return: no  cache hit
    } catch (err) { //= catch: yes  an unreachable Redis looks like an endless series of misses
      return null; //= return: no  a miss, the catch label covers the lost error
    }
  }

  private decode(raw: Buffer): string | null {
    if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw.toString('utf8'); //= return: no  decoder
    try {
      return gunzipSync(raw).toString('utf8'); //= return: no  decoder
    } catch { //= catch: no  decode probe, a broken entry counts as a miss
      return null; //= return: no  decoder
    }
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    if (ttlSeconds <= 0) return; //= return: no  plain parameter guard
    this.local.set(key, value);
    const { compressAbove = 4096 } = this.options;
    const payload = value.length > compressAbove ? gzipSync(value) : Buffer.from(value);
    await redis.set(`${this.options.prefix}:${key}`, payload, 'EX', ttlSeconds);
  }

  async delete(key: string): Promise<void> {
    this.local.delete(key);
    try {
      await redis.del(`${this.options.prefix}:${key}`);
      await redis.publish(`${this.options.prefix}:invalidate`, key);
    } catch (err) { //= catch: no  reaches the log, as concatenated text
      log.warn('invalidation failed: ' + (err as Error).message, { key }); //= error-with-context  message text only //= structured-event  concatenated
    }
  }

  async warm(keys: string[], load: (key: string) => Promise<string | null>): Promise<number> {
    if (!keys.length) return 0; //= return: no  emptiness guard on the parameter
    let warmed = 0;
    for (const key of keys) {
      try {
        const value = await load(key);
        if (value === null) continue;
        await this.set(key, value, 300);
        warmed += 1;
      } catch { //= catch: maybe  warming is optional and the count shows it, but why it fails is lost
      }
    }
    return warmed;
  }
}

export const feedCache = new TieredCache({ prefix: 'feed', max: 2000 });
