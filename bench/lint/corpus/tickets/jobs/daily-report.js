'use strict';

const cron = require('node-cron');
const { DateTime } = require('luxon');
const db = require('../lib/db');
const mailer = require('../services/mailer');
const lock = require('../lib/lock');
const { renderReport } = require('../presenters/report');

async function recipients(accountId) {
  const rows = await db('report_subscriptions').where({ account_id: accountId, kind: 'daily' });
  return rows.filter((r) => !r.paused);
}

async function numbersFor(accountId, day) {
  const [row] = await db('daily_rollups').where({ account_id: accountId, day: day.toISODate() });
  if (row) return row; //= return: no  cached rollup
  if (day < DateTime.utc().minus({ days: 90 })) return null; //= return: no  query helper
  const fresh = await db.raw('select * from compute_rollup(?, ?)', [accountId, day.toISODate()]);
  return fresh.rows[0];
}

async function sendFor(account, day) {
  const subs = await recipients(account.id);
  if (!subs.length) return; //= return: no  nobody subscribed

  const numbers = await numbersFor(account.id, day);
  if (!numbers) return; //= return: yes  subscribers get no report and no trace of why
  if (numbers.tickets === 0 && !account.settings.send_empty_reports) {
    return; //= return: maybe  empty day by setting, arguably explained by the data
  }

  const html = renderReport(account, numbers);
  for (const sub of subs) {
    try {
      await mailer.raw({ to: sub.email, subject: `Tickets of ${day.toISODate()}`, html });
    } catch (err) { //= catch: no  reported, through the console
      console.error('daily report not sent', account.id, err); //= no-console  console in a cron job
    }
  }
}

async function run() {
  const day = DateTime.utc().minus({ days: 1 }).startOf('day');
  const release = await lock.acquire('daily-report', { ttl: 600 }).catch(() => null); //= catch: yes  Redis failure is taken for a held lock
  if (!release) return; //= return: maybe  another process has the lock, or the lock store is down

  console.log(`daily report for ${day.toISODate()} started`); //= no-console  console in a cron job
  try {
    const accounts = await db('accounts').whereNull('closed_at').select('id', 'settings');
    for (const account of accounts) await sendFor(account, day);
  } finally {
    await release();
  }
  console.log('daily report finished'); //= no-console  console in a cron job
}

module.exports.start = () => {
  if (process.env.DISABLE_CRON === '1') {
    return null; //= return: no  mode guard
  }
  const expression = process.env.REPORT_CRON || '0 5 * * *';
  if (!cron.validate(expression)) return null; //= return: yes  bad expression, the report never runs and nobody hears
  return cron.schedule(expression, () => run().catch((e) => console.error(e.message)), { timezone: 'Etc/UTC' }); //= catch: no  reported to the console //= no-console  console in a cron job //= error-with-context  message only
};
