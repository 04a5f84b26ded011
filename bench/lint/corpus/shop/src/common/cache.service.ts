import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import Redis from 'ioredis';

@Injectable()
export class CacheService implements OnModuleDestroy {
  private readonly logger = new Logger(CacheService.name);
  private readonly redis: Redis;
  private readonly inflight = new Map<string, Promise<unknown>>();

  constructor(config: ConfigService) {
    this.redis = new Redis(config.getOrThrow('redis.url'), { maxRetriesPerRequest: 1, lazyConnect: true });
    this.redis.on('error', (err) => this.logger.warn({ err }, 'redis connection'));
  }

  async get<T>(key: string): Promise<T | undefined> {
    let raw: string | null;
    try {
      raw = await this.redis.get(key);
    } catch { //= catch: no  the connection's error listener logs it, comment says so
      // connection errors are logged by the listener above, treat as a miss
      return undefined; //= return: no  reason comment
    }
    if (raw === null) return undefined; //= return: no  cache miss
    try {
      return JSON.parse(raw) as T; //= return: no  cache hit
    } catch { //= catch: no  parse probe
      await this.redis.del(key);
      return undefined; //= return: no  parse probe
    }
  }

  async set(key: string, value: unknown, ttl: number): Promise<void> {
    try {
      await this.redis.set(key, JSON.stringify(value), 'EX', ttl);
    } catch (err) { //= catch: no  logged
      this.logger.warn({ err, key }, 'cache write failed');
    }
  }

  async once<T>(key: string, ttl: number, load: () => Promise<T>): Promise<T> {
    const hit = await this.get<T>(key);
    if (hit !== undefined) return hit; //= return: no  cache hit
    const running = this.inflight.get(key);
    if (running) return running as Promise<T>; //= return: no  joins the running load

    const promise = load().then(async (value) => {
      await this.set(key, value, ttl);
      return value;
    });
    this.inflight.set(key, promise);
    try {
      return await promise; //= return: no  result
    } finally {
      this.inflight.delete(key);
    }
  }

  async invalidate(...keys: string[]) {
    if (keys.length === 0) return 0; //= return: no  nothing to do
    return this.redis.del(...keys).catch((err) => { //= catch: yes  stale data stays, error is dropped
      return 0;
    });
  }

  async onModuleDestroy() {
    await this.redis.quit().catch(() => this.redis.disconnect()); //= catch: maybe  best effort at shutdown, but without a comment
  }
}
