'use strict';

const { Queue, Worker, UnrecoverableError } = require('bullmq');
const bunyan = require('bunyan');
const config = require('./config');

const log = bunyan.createLogger({ name: 'queue' });
const queues = new Map();
const workers = [];

function open(name) {
  let q = queues.get(name);
  if (q) return q; //= return: no  cache hit
  q = new Queue(name, { connection: config.redis });
  q.on('error', (err) => log.error({ err, queue: name }, 'queue connection'));
  queues.set(name, q);
  return q;
}

exports.add = async (name, data, opts = {}) => {
  if (config.isTest) return null; //= return: no  mode guard
  const q = open(name);
  if (opts.jobId && (await q.getJob(opts.jobId))) return null; //= return: maybe  a job with this id exists, caller may wonder
  return q.add(name, data, { removeOnComplete: 500, attempts: 3, ...opts });
};

exports.process = (name, concurrency, handler) => {
  if (typeof concurrency === 'function') {
    return exports.process(name, 1, concurrency); //= return: no  overload
  }
  const worker = new Worker(
    name,
    async (job) => {
      const expires = job.opts.expiresAt;
      if (expires && Date.now() > expires) return; //= return: yes  expired job is discarded, its work never happens

      try {
        return await handler(job); //= return: no  the work itself
      } catch (err) { //= catch: no  passed on, wrapped or as it is
        if (err.permanent) throw new UnrecoverableError(err.message);
        throw err;
      }
    },
    { connection: config.redis, concurrency },
  );
  worker.on('failed', (job, err) => {
    if (job && job.attemptsMade < job.opts.attempts) return; //= return: no  will be retried
    log.error({ err, job: job?.id, queue: name }, 'job failed for good');
  });
  worker.on('stalled', (jobId) => log.warn(`job ${jobId} stalled on ${name}`)); //= structured-event  interpolated
  workers.push(worker);
  return worker;
};

exports.shutdown = async function shutdown(signal) {
  if (shutdown.running) return shutdown.running; //= return: no  idempotent
  log.info({ signal }, 'closing queues');
  shutdown.running = Promise.all([...workers, ...queues.values()].map((c) => c.close()));
  try {
    await shutdown.running;
  } catch (e) { //= catch: yes  jobs may be cut off at shutdown, unseen
    process.exitCode = 1;
  }
};
