import type { Redis } from 'ioredis'
import { componentLog } from '../log.js'

export interface CacheOptions {
  prefix: string
  ttlSeconds: number
}

export class RedisCache<T> {
  private log
  private inflight = new Map<string, Promise<T | null>>()

  constructor(
    private readonly redis: Redis,
    private readonly options: CacheOptions,
  ) {
    this.log = componentLog('cache', { prefix: options.prefix })
  }

  async get(key: string): Promise<T | undefined> {
    let text: string | null
    try {
      text = await this.redis.get(this.keyOf(key))
    } catch (err) { //= catch: no  logged
      this.log.warn({ err, key }, 'cache read failed')
      return undefined //= return: no  logged
    }
    if (text === null) return undefined //= return: no  cache miss
    try {
      return JSON.parse(text) as T //= return: no  cache hit
    } catch { //= catch: no  JSON.parse probe, a bad entry is a miss
      return undefined //= return: no  cache miss
    }
  }

  async set(key: string, value: T): Promise<void> {
    if (value === undefined) return //= return: no  parameter guard
    await this.redis.set(this.keyOf(key), JSON.stringify(value), 'EX', this.options.ttlSeconds)
  }

  // one load at a time for a key in this process
  async getOrLoad(key: string, load: () => Promise<T | null>): Promise<T | null> {
    const cached = await this.get(key)
    if (cached !== undefined) return cached //= return: no  cache hit
    const pending = this.inflight.get(key)
    if (pending) return pending //= return: no  shared load

    const loading = load().finally(() => this.inflight.delete(key))
    this.inflight.set(key, loading)
    const value = await loading
    if (value === null) return null //= return: no  getter
    await this.set(key, value).catch((err: Error) => this.log.warn({ key, error: err.message }, 'cache write failed')) //= catch: no  logged, as message only //= error-with-context  err.message alone
    return value
  }

  async invalidate(pattern: string): Promise<number> {
    let removed = 0
    try {
      for await (const keys of this.redis.scanStream({ match: this.keyOf(pattern) })) {
        if (keys.length === 0) continue
        removed += await this.redis.del(...keys)
      }
    } catch (err) { //= catch: yes  readers see stale data after a partial invalidation
      return removed //= return: no  the catch is the finding
    }
    return removed
  }

  private keyOf = (key: string): string => `${this.options.prefix}:${key}`
}
