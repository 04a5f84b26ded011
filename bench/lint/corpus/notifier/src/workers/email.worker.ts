import { Worker, type Job, UnrecoverableError } from 'bullmq';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { connection } from '../lib/redis';
import { mailer, type MailError } from '../lib/mailer';
import { compile } from '../domain/templates';
import { suppression } from '../domain/suppression';
import { deliveries } from '../plugins/metrics';

export interface EmailJob {
  messageId: string;
  subscriberId: string;
  attempt?: number;
}

const log = logger.child({ worker: 'email' });

async function deliver(job: Job<EmailJob>): Promise<void> {
  const { messageId, subscriberId } = job.data;
  const message = await db.message.findUnique({ where: { id: messageId }, include: { template: true } });
  if (!message) return; //= return: yes  e-mail never sent, job shows as completed
  if (message.sentAt) return; // redelivered after a worker restart //= return: no  commented reason

  const subscriber = await db.subscriber.findUnique({ where: { id: subscriberId } });
  if (!subscriber?.email || !subscriber.emailConfirmedAt) {
    return; //= return: yes  e-mail dropped for a missing or unconfirmed address
  }

  const entry = await suppression.lookup(subscriber.email);
  if (entry) {
    await db.message.update({ where: { id: messageId }, data: { status: 'SUPPRESSED', statusReason: entry.reason } });
    return; //= return: no  reason is stored with the message
  }

  const { html, text, subject } = compile(message.template, { ...message.vars, name: subscriber.name });
  if (!subject.trim()) {
    deliveries.inc({ channel: 'email', outcome: 'empty_subject' });
    return; //= return: no  counted with its reason
  }

  try {
    const sent = await mailer.send({ to: subscriber.email, subject, html, text, tag: message.template.key });
    await db.message.update({ where: { id: messageId }, data: { status: 'SENT', sentAt: new Date(), providerId: sent.id } });
    deliveries.inc({ channel: 'email', outcome: 'sent' });
  } catch (error) { //= catch: no  logged or rethrown on each way
    const err = error as MailError;
    if (err.permanent) {
      log.error({ err, messageId }, 'mail refused for good'); //= no-double-report  logged as an error and thrown again
      throw new UnrecoverableError(err.message, { cause: err } as ErrorOptions);
    }
    if (err.code === 'THROTTLED' && (job.data.attempt ?? 0) < 3) {
      await job.updateData({ ...job.data, attempt: (job.data.attempt ?? 0) + 1 });
      await job.moveToDelayed(Date.now() + 30_000, job.token);
      return; //= return: maybe  throttled and put off, only the job's state tells
    }
    throw error;
  }
}

export const emailWorker = new Worker<EmailJob>('email', deliver, { connection, concurrency: 20 });

emailWorker.on('failed', async (job, err) => {
  if (!job) return; //= return: maybe  a lost job takes its error along
  const final = job.attemptsMade >= (job.opts.attempts ?? 1);
  if (!final) return; //= return: no  will be retried
  await db.message
    .update({ where: { id: job.data.messageId }, data: { status: 'FAILED', statusReason: err.message } })
    .catch(() => {}); //= catch: yes  message keeps a wrong status, unseen
});

emailWorker.on('error', (err) => {
  log.error('email worker error: ' + err.message); //= error-with-context  message alone //= structured-event  concatenated message
});
