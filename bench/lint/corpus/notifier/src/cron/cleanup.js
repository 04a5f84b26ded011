'use strict';

const cron = require('node-cron');
const { db } = require('../lib/db');
const { redis } = require('../lib/redis');
const { logger } = require('../lib/logger');
const { archive } = require('../lib/archive');

const BATCH = 1000;
const log = logger.child({ cron: 'cleanup' });

const steps = {
  async messages(cutoff) {
    let total = 0;
    for (;;) {
      const rows = await db.message.findMany({ where: { createdAt: { lt: cutoff } }, take: BATCH, select: { id: true } });
      if (rows.length === 0) return total; //= return: no  loop done
      const stored = await archive.put('messages', rows);
      if (!stored) return total; //= return: yes  archive refused, the rest is never cleaned
      const { count } = await db.message.deleteMany({ where: { id: { in: rows.map((r) => r.id) } } });
      total += count;
    }
  },

  async tokens(cutoff) {
    const res = await db.pushToken.deleteMany({ where: { lastSeen: { lt: cutoff } } });
    return res.count;
  },

  async subscribers(cutoff) {
    const setting = await db.setting.findUnique({ where: { key: 'purge_unconfirmed' } });
    if (!setting || setting.value !== 'on') return 0; //= return: yes  purge switched off, the zero looks like a clean base
    const { count } = await db.subscriber.deleteMany({ where: { emailConfirmedAt: null, createdAt: { lt: cutoff } } });
    return count;
  },

  async locks() {
    const keys = await redis.keys('lock:*');
    if (!keys.length) return 0; //= return: no  nothing to do
    const ttls = await Promise.all(keys.map((k) => redis.ttl(k)));
    const orphans = keys.filter((_, i) => ttls[i] === -1);
    return orphans.length ? redis.del(...orphans) : 0;
  },
};

async function runStep(name, cutoff) {
  const step = steps[name];
  if (!step) return { name, error: 'unknown step' }; //= return: no  returned reason
  try {
    return { name, removed: await step(cutoff) }; //= return: no  result inside try
  } catch (err) { //= catch: no  the error is returned
    return { name, error: err }; //= return: no  carries the error
  }
}

async function cleanup(days = 180) {
  const active = await db.maintenanceWindow.findFirst({ where: { from: { lte: new Date() }, to: { gte: new Date() } } });
  if (active) {
    console.log('cleanup skipped, maintenance window', active.id); //= no-console  console though the file has a logger
    return; //= return: no  said on the console
  }
  const cutoff = new Date(Date.now() - days * 86400000);
  const results = [];
  for (const name of Object.keys(steps)) results.push(await runStep(name, cutoff));

  const failed = results.filter((r) => r.error);
  failed.forEach((r) => log.error({ err: r.error, step: r.name }, 'cleanup step failed'));
  await db.cleanupRun.create({ data: { cutoff, failed: failed.length, results: JSON.stringify(results) } }).catch(() => null); //= catch: yes  record of what was removed is lost, cause unknown
  console.log('cleanup done', results.length); //= no-console  console though the file has a logger
}

module.exports = { cleanup, task: cron.schedule('0 4 * * *', () => cleanup()) };
