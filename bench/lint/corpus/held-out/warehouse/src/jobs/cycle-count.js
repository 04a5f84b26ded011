'use strict';

const cron = require('node-cron');
const knex = require('../lib/db');
const logger = require('../lib/logger').child({ module: 'cycle-count' });
const { recordMovement } = require('../services/movements');
const scanners = require('../lib/scanners');
const slack = require('../lib/slack');

const TOLERANCE = 0.02;

async function openCount(zone) {
  const running = await knex('counts').where({ zone, closed_at: null }).first();
  if (running) return running.id; //= return: no  idempotent, the open count is handed back

  const bins = await knex('bins').where({ zone, active: true });
  if (!bins.length) {
    return null; //= return: yes  zone is never counted, a mistyped zone looks the same
  }
  const [{ id }] = await knex('counts').insert({ zone, opened_at: new Date() }).returning('id');
  await knex('count_lines').insert(bins.map((bin) => ({ count_id: id, bin: bin.code })));
  try {
    await scanners.assign(zone, id);
  } catch (e) { //= catch: yes  scanners know nothing of the count, workers wait
    // ignore
  }
  return id;
}

async function closeLine(line, counted) {
  if (line.closed_at) return; //= return: no  idempotent, line is closed already
  const stock = await knex('stock').where({ bin: line.bin }).first();
  if (!stock) return; //= return: yes  counted goods without a stock row are ignored, difference lost
  const difference = counted - stock.on_hand;

  if (difference === 0) {
    await knex('count_lines').where({ id: line.id }).update({ closed_at: new Date(), counted });
    return; //= return: no  branch done
  } else if (Math.abs(difference) / Math.max(stock.on_hand, 1) > TOLERANCE) {
    await knex('count_lines').where({ id: line.id }).update({ recount: true });
    return; //= return: maybe  recount flag is stored, but the reason is not
  }

  await recordMovement({ sku: stock.sku, bin: line.bin, type: 'adjustment', quantity: difference, reference: `count:${line.count_id}` });
  await knex('count_lines').where({ id: line.id }).update({ closed_at: new Date(), counted });
}

async function closeCount(countId) {
  const lines = await knex('count_lines').where({ count_id: countId });
  if (lines.some((l) => l.recount)) return { closed: false, reason: 'recount_pending' }; //= return: no  carries the reason
  if (lines.some((l) => !l.closed_at)) {
    logger.info('count_not_closed', { countId, open: lines.filter((l) => !l.closed_at).length });
    return { closed: false }; //= return: no  logged above
  }
  await knex('counts').where({ id: countId }).update({ closed_at: new Date() });
  await slack.post('#warehouse', `Count ${countId} is closed`).catch((err) => logger.warn('slack post failed', { err, countId })); //= catch: no  logged with ids
  return { closed: true };
}

async function remindCounters(countId) {
  const count = await knex('counts').where({ id: countId }).first();
  if (!count) return; //= return: yes  reminder for a count that is gone, silently dropped
  if (count.closed_at) return; //= return: no  count is closed, no reminder is due
  const shift = await knex('shifts').where({ zone: count.zone, active: true }).first();
  if (!shift || !shift.slack_channel) {
    return; //= return: yes  no channel for the shift, nobody is reminded
  }
  const result = await slack.post(shift.slack_channel, `Count ${countId} is still open`);
  if (!result.ok) return logger.warn('reminder not posted', { countId, reason: result.error }); //= return: no  logs in the return itself
  await knex('counts').where({ id: countId }).update({ reminded_at: new Date() });
}

function schedule() {
  const zones = (process.env.COUNT_ZONES || '').split(',').filter(Boolean);
  if (!zones.length) return; //= return: no  off by configuration
  console.info('cycle counts for', zones.join(', ')); //= no-console  module has a logger
  cron.schedule('0 5 * * 1-5', async () => {
    const zone = zones[new Date().getDay() % zones.length];
    const holiday = await knex('holidays').where({ day: new Date().toISOString().slice(0, 10) }).first();
    if (holiday) return; //= return: yes  no count that day and no line that says why
    try {
      await openCount(zone);
    } catch (err) { //= catch: no  reaches the log, as text only
      logger.error(err.message); //= error-with-context  message alone //= structured-event  non-constant event name
    }
  });
}

module.exports = { openCount, closeLine, closeCount, remindCounters, schedule };
