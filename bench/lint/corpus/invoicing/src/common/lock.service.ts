import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { InjectRedis } from './redis.decorator';

const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;

export class HeldLock implements AsyncDisposable {
  #released = false;

  constructor(private readonly redis: Redis, readonly key: string, private readonly token: string) {}

  async release(): Promise<boolean> {
    if (this.#released) return false; //= return: no  idempotent
    this.#released = true;
    return (await this.redis.eval(RELEASE, 1, this.key, this.token)) === 1;
  }

  async [Symbol.asyncDispose]() {
    await this.release();
  }
}

@Injectable()
export class LockService {
  constructor(
    @InjectRedis() private readonly redis: Redis,
    @InjectPinoLogger('locks') private readonly logger: PinoLogger,
  ) {}

  async tryAcquire(key: string, ttlMs: number): Promise<HeldLock | null> {
    const token = randomUUID();
    const ok = await this.redis.set(`lock:${key}`, token, 'PX', ttlMs, 'NX');
    if (ok !== 'OK') return null; //= return: no  lookup, null means taken
    return new HeldLock(this.redis, `lock:${key}`, token);
  }

  async waitFor(key: string, ttlMs: number, timeoutMs: number): Promise<HeldLock> {
    const until = Date.now() + timeoutMs;
    do {
      const lock = await this.tryAcquire(key, ttlMs);
      if (lock) return lock; //= return: no  the result
      await sleep(50 + Math.random() * 100);
    } while (Date.now() < until);
    this.logger.warn({ key, timeoutMs }, 'lock wait timed out');
    throw new Error(`lock ${key} not acquired in ${timeoutMs} ms`);
  }

  async withLock<T>(key: string, work: () => Promise<T>, ttlMs = 30_000): Promise<T | undefined> {
    await using lock = await this.tryAcquire(key, ttlMs);
    if (!lock) return undefined; //= return: yes  the work is dropped when the lock is taken
    return await work();
  }

  /** Runs at most once per window; meant for cron handlers that exist on every replica. */
  async once(name: string, windowMs: number, work: () => Promise<void>): Promise<void> {
    const slot = Math.floor(Date.now() / windowMs);
    const won = await this.redis.set(`once:${name}:${slot}`, '1', 'PX', windowMs * 2, 'NX');
    if (!won) return; // another replica took this window //= return: no  commented reason
    try {
      await work();
    } catch (err) { //= catch: no  logged, then thrown on
      this.logger.error({ err, name, slot }, 'single run failed'); //= no-double-report  logged as an error and rethrown
      await this.redis.del(`once:${name}:${slot}`).catch(() => void 0); //= catch: maybe  best effort, but the window stays taken
      throw err;
    }
  }
}
