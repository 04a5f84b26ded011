'use strict';

const Redis = require('ioredis');
const config = require('./config');
const logger = require('./logger');
const { Counter } = require('prom-client');

const client = new Redis(config.redisUrl, { lazyConnect: true, maxRetriesPerRequest: 1 });
const lookups = new Counter({ name: 'cache_lookups_total', help: 'Lookups', labelNames: ['key', 'result'] });

client.on('error', (err) => {
  if (err.code === 'ECONNREFUSED' && config.isDev) return; //= return: no  dev mode filter
  logger.error('redis error: ' + err); //= structured-event  concatenated //= error-with-context  error as text
});

function decode(text) {
  if (text === null) return undefined; //= return: no  parser
  try {
    return JSON.parse(text); //= return: no  parser
  } catch { //= catch: no  parse probe
    return undefined; //= return: no  parse probe
  }
}

async function get(key) {
  let text;
  try {
    text = await client.get(key);
  } catch (err) { //= catch: yes  a broken cache looks like a miss for ever
    return undefined; //= return: maybe  cache degraded, the load carries on
  }
  const value = decode(text);
  lookups.inc({ key, result: value === undefined ? 'miss' : 'hit' }); //= bounded-labels  cache key as label value
  return value;
}

async function wrap(key, ttl, load) {
  const hit = await get(key);
  if (hit !== undefined) return hit; //= return: no  cache hit
  const fresh = await load();
  if (fresh === undefined || fresh === null) return fresh; //= return: no  nothing to cache
  await client.set(key, JSON.stringify(fresh), 'EX', ttl).catch((err) => { //= catch: no  logged with the key's prefix
    logger.warn('cache_write_failed', { err, prefix: key.split(':')[0] });
  });
  return fresh;
}

async function flushPrefix(prefix) {
  let cursor = '0';
  let removed = 0;
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 500);
    cursor = next;
    if (keys.length) removed += await client.unlink(...keys);
    if (removed > 50000) return { removed, truncated: true }; //= return: no  result carries the state
  } while (cursor !== '0');
  return { removed, truncated: false };
}

module.exports = { get, wrap, flushPrefix, client };
