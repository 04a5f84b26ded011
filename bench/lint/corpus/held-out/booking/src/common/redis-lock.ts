import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { REDIS } from './redis.module';

type Release = () => Promise<void>;

const RELEASE_SCRIPT = `
if redis.call("get", KEYS[1]) == ARGV[1] then
  return redis.call("del", KEYS[1])
end
return 0`;

@Injectable()
export class RedisLock {
  private readonly logger = new Logger(RedisLock.name);

  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  async acquire(key: string, ttlMs: number): Promise<Release | null> {
    const token = randomUUID();
    const ok = await this.redis.set(`lock:${key}`, token, 'PX', ttlMs, 'NX');
    if (ok !== 'OK') return null; //= return: no  null is the documented "not acquired", caller decides
    return async () => {
      try {
        await this.redis.eval(RELEASE_SCRIPT, 1, `lock:${key}`, token);
      } catch { //= catch: no  best effort, comment says so
        // best effort: the key expires on its own after ttlMs
      }
    };
  }

  async withLock<T>(key: string, ttlMs: number, work: () => Promise<T>): Promise<T | undefined> {
    const release = await this.acquire(key, ttlMs);
    if (!release) {
      this.logger.debug({ event: 'lock_busy', key });
      return undefined; //= return: no  logged above
    }
    try {
      return await work(); //= return: no  happy path
    } finally {
      await release();
    }
  }

  async waitFor(key: string, attempts = 10): Promise<boolean> {
    for (let i = 0; i < attempts; i++) {
      if (!(await this.redis.exists(`lock:${key}`))) return true; //= return: no  predicate-like poll
      await new Promise((resolve) => setTimeout(resolve, 100 * (i + 1)));
    }
    return false;
  }

  async debounce(key: string, ms: number, work: () => Promise<void>): Promise<void> {
    const count = await this.redis.incr(`debounce:${key}`);
    await this.redis.pexpire(`debounce:${key}`, ms);
    if (count > 1) return; //= return: no  that is what a debounce does
    await new Promise((resolve) => setTimeout(resolve, ms));
    await work().catch((err) => { //= catch: yes  failed debounced work disappears
      void err;
    });
  }
}
