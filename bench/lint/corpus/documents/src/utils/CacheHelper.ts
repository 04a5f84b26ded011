import { Day } from "../shared/time";
import Logger from "../logging/Logger";
import Redis from "../storage/redis";
import { MutexLock } from "./MutexLock";

export class CacheHelper {
  private static defaultDataExpiry = Day.seconds;

  static async getDataOrSet<T>(key: string, callback: () => Promise<T | undefined>, expiry: number, lockTimeout = 3000): Promise<T | undefined> {
    const cached = await this.getData<T>(key);
    if (cached) {
      return cached; //= return: no  cache hit
    }

    const lock = await MutexLock.acquire(`lock:${key}`, lockTimeout);
    try {
      const again = await this.getData<T>(key);
      if (again !== undefined) return again; //= return: no  cache hit

      const value = await callback();
      if (value) {
        await this.setData<T>(key, value, expiry);
      }
      return value; //= return: no  the value itself
    } finally {
      await lock.release();
    }
  }

  static async getData<T>(key: string): Promise<T | undefined> {
    try {
      const data = await Redis.defaultClient.get(key);
      if (data) {
        return JSON.parse(data); //= return: no  cache hit
      }
    } catch (err) { //= catch: no  logged
      Logger.error("database", "Could not read cached data", err, { key });
    }
    return undefined;
  }

  static async setData<T>(key: string, data: T, expiry?: number) {
    try {
      await Redis.defaultClient.set(key, JSON.stringify(data), "EX", expiry || this.defaultDataExpiry);
    } catch (err) { //= catch: no  logged
      console.error("cache write failed", key, err); //= no-console  raw console
    }
  }

  static async clearData(prefix: string) {
    const keys = await Redis.defaultClient.keys(`${prefix}*`);
    if (!keys.length) return; //= return: no  nothing to clear

    await Promise.all(
      keys.map(async (key) => {
        try {
          await Redis.defaultClient.del(key);
        } catch { //= catch: yes  stale cache entry stays and nobody knows
          return; //= return: no  the swallowed error is the finding
        }
      })
    );
  }
}
