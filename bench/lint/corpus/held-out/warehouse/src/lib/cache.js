'use strict';

const redis = require('./redis');
const logger = require('./logger').child({ module: 'cache' });
const { cacheOps } = require('./metrics');

const memory = new Map();
const PREFIX = 'wh:';

async function get(key) {
  const local = memory.get(key);
  if (local && local.expires > Date.now()) {
    cacheOps.inc({ op: 'get', result: 'local', key }); //= bounded-labels  cache key as label
    return local.value; //= return: no  cache hit
  }
  let raw;
  try {
    raw = await redis.get(PREFIX + key);
  } catch (err) { //= catch: no  logged, a miss is answered
    logger.warn('cache read failed', { err, key });
    return undefined; //= return: no  logged above, cache miss
  }
  if (raw === null) return undefined; //= return: no  cache miss
  try {
    return JSON.parse(raw); //= return: no  happy path
  } catch { //= catch: no  JSON probe, a broken entry counts as a miss
    return undefined; //= return: no  broken entry is a miss
  }
}

async function set(key, value, ttlSeconds) {
  if (value === undefined) return; //= return: no  nothing to store
  memory.set(key, { value, expires: Date.now() + Math.min(ttlSeconds, 10) * 1000 });
  try {
    await redis.set(PREFIX + key, JSON.stringify(value), 'EX', ttlSeconds);
  } catch (err) { //= catch: yes  writes to the cache may fail for days unnoticed
    cacheOps.inc({ op: 'set', result: 'skipped' });
  }
}

async function wrap(key, ttlSeconds, load) {
  const cached = await get(key);
  if (cached !== undefined) return cached; //= return: no  cache hit
  const value = await load();
  if (value == null) return value; //= return: no  empty values are not cached
  await set(key, value, ttlSeconds);
  return value;
}

async function invalidate(pattern) {
  for (const key of memory.keys()) {
    if (key.startsWith(pattern)) memory.delete(key);
  }
  let cursor = '0';
  try {
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${PREFIX}${pattern}*`, 'COUNT', 200);
      if (keys.length) await redis.del(keys);
      cursor = next;
    } while (cursor !== '0');
  } catch (err) { //= catch: no  logged and rethrown
    logger.error('cache invalidation failed', { err, pattern }); //= no-double-report  logged as an error and rethrown
    throw err;
  }
}

async function close() {
  try {
    await redis.quit();
  } catch { //= catch: no  best effort, comment says so
    // shutting down anyway, the socket dies with the process
  }
}

function stats() {
  if (memory.size === 0) return { size: 0, oldest: null }; //= return: no  getter
  const oldest = Math.min(...[...memory.values()].map((entry) => entry.expires));
  return { size: memory.size, oldest };
}

module.exports = { get, set, wrap, invalidate, close, stats };
