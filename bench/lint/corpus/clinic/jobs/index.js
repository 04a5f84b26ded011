'use strict';

const cron = require('node-cron');
const logger = require('../config/logger');
const reminders = require('./appointment-reminders');
const noShow = require('./no-show-sweep');
const waitlist = require('../services/waitlist');
const Setting = require('../models/setting');

const tasks = [];

function guarded(name, work) {
  return async () => {
    const started = Date.now();
    try {
      await work();
      logger.debug('Job finished', { job: name, ms: Date.now() - started });
    } catch (err) { //= catch: no  logged with the error
      logger.error('Job failed', { job: name, ms: Date.now() - started, err });
    }
  };
}

function start() {
  if (process.env.DISABLE_JOBS === '1') {
    logger.warn('Jobs are disabled by DISABLE_JOBS');
    return; //= return: no  logged
  }
  if (tasks.length > 0) return; //= return: no  idempotent start

  tasks.push(cron.schedule('*/15 * * * *', guarded('reminders', () => reminders.run())));
  tasks.push(noShow.start());
  tasks.push(
    cron.schedule(
      '30 6 * * 1-5',
      guarded('waitlist', async () => {
        const setting = await Setting.findOne({ key: 'waitlist.paused' });
        if (setting && setting.value === true) return; //= return: yes  job quietly does nothing all morning
        await waitlist.offerFreeSlots();
      }),
    ),
  );
  logger.info(`Started ${tasks.length} jobs`); //= structured-event  interpolated message
}

function stop() {
  for (const task of tasks) {
    try {
      task.stop();
    } catch (_) { //= catch: no  best effort on the way out, commented
      // stopping twice throws in old versions of node-cron, we are going down anyway
    }
  }
  tasks.length = 0;
}

module.exports = { start, stop };
