import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { componentLog } from '../log.js'

const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`
const TTL_MS = 60_000

export class FeedLock {
  static readonly #log = componentLog('lock')
  #timer?: NodeJS.Timeout

  private constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly token: string,
  ) {}

  static async acquire(redis: Redis, feedId: string): Promise<FeedLock | null> {
    const lock = new FeedLock(redis, `lock:feed:${feedId}`, randomUUID())
    const taken = await redis.set(lock.key, lock.token, 'PX', TTL_MS, 'NX')
    if (taken !== 'OK') return null //= return: no  told by null, the caller decides
    lock.#timer = setInterval(() => void lock.#extend(), TTL_MS / 3)
    lock.#timer.unref()
    return lock
  }

  async #extend(): Promise<void> {
    try {
      const holder = await this.redis.get(this.key)
      if (holder !== this.token) {
        clearInterval(this.#timer)
        return //= return: yes  lock was lost while the work goes on
      }
      await this.redis.pexpire(this.key, TTL_MS)
    } catch (err) { //= catch: no  logged
      FeedLock.#log.warn({ key: this.key, token: this.token, err }, 'lock not extended') //= no-sensitive-fields  the lock's token
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#timer)
    await this.redis.eval(RELEASE, 1, this.key, this.token).catch(() => { //= catch: no  best-effort cleanup, commented
      // it expires by itself within a minute
    })
  }
}
