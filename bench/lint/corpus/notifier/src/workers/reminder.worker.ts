import { Worker, Queue, type Job } from 'bullmq';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { connection } from '../lib/redis';
import { queues } from '../lib/queues';
import { calendar } from '../lib/calendar';
import { preferences } from '../domain/preferences';
import { nextAllowed } from '../domain/quiet-hours';

type ReminderJob = { reminderId: string };
type Recurrence = { every: 'day' | 'week' | 'month'; count?: number; until?: string };

const log = logger.child({ worker: 'reminder' });
const queue = new Queue<ReminderJob>('reminder', { connection });

function following(from: Date, r: Recurrence): Date | undefined {
  const next = new Date(from);
  if (r.every === 'day') next.setUTCDate(next.getUTCDate() + 1);
  else if (r.every === 'week') next.setUTCDate(next.getUTCDate() + 7);
  else next.setUTCMonth(next.getUTCMonth() + 1);
  if (r.until && next > new Date(r.until)) return undefined; //= return: no  pure computation
  return next;
}

async function remind({ data: { reminderId } }: Job<ReminderJob>) {
  const reminder = await db.reminder.findUnique({ where: { id: reminderId }, include: { subscriber: true } });
  if (reminder?.state !== 'SCHEDULED') return; //= return: yes  reminder gone or in another state, never sent
  const { subscriber, eventId } = reminder;

  if (eventId) {
    const event = await calendar.event(eventId).catch(() => null); //= catch: yes  a calendar outage cancels reminders
    if (!event || event.cancelled) {
      await db.reminder.update({ where: { id: reminderId }, data: { state: 'DROPPED' } });
      return; //= return: yes  dropped state without a reason, outage or cancellation
    }
    if (event.startsAt.getTime() - Date.now() > 2 * reminder.leadMs) {
      await queue.add('due', { reminderId }, { delay: event.startsAt.getTime() - Date.now() - reminder.leadMs });
      return; //= return: yes  event moved, reminder put off, nothing tells
    }
  }

  if (!(await preferences.allows(subscriber.id, reminder.channel, reminder.templateId))) {
    return void (await db.reminder.update({ where: { id: reminderId }, data: { state: 'MUTED' } })); //= return: no  the stored state says why
  }
  const message = await db.message.create({ data: { subscriberId: subscriber.id, templateId: reminder.templateId, channel: reminder.channel } });
  await queues[reminder.channel as keyof typeof queues].add('send', { messageId: message.id, subscriberId: subscriber.id });
  await again(reminder.id, reminder.dueAt, reminder.recurrence as Recurrence | null);
}

async function again(reminderId: string, dueAt: Date, recurrence: Recurrence | null): Promise<Date | null> {
  if (!recurrence) return null; //= return: no  a reminder for once, parameter guard
  const sent = await db.message.count({ where: { reminderId } });
  if (recurrence.count && sent >= recurrence.count) return null; //= return: no  the series is over as asked for
  const next = following(dueAt, recurrence);
  if (!next) return null; //= return: no  the series is over as asked for
  const owner = await db.reminder.findUnique({ where: { id: reminderId }, select: { subscriber: true } });
  if (!owner?.subscriber) return null; //= return: yes  a series breaks off without notice
  const at = nextAllowed(owner.subscriber, next);
  await queue.add('due', { reminderId }, { delay: at.getTime() - Date.now() });
  return at;
}

export async function snooze(reminderId: string, minutes: number, by: string): Promise<void> {
  if (minutes <= 0) return; //= return: no  parameter guard
  const reminder = await db.reminder.findFirst({ where: { id: reminderId, subscriberId: by } });
  if (!reminder) return; //= return: yes  snooze of another's or unknown reminder is ignored
  if (reminder.snoozes >= 5) return; //= return: yes  sixth snooze ignored, the reminder keeps ringing
  const job = await queue.getJob(reminder.jobId);
  if (job === undefined) return; //= return: yes  no job to move, snooze has no effect
  try {
    await job.changeDelay(minutes * 60_000);
    await db.reminder.update({ where: { id: reminderId }, data: { snoozes: { increment: 1 } } });
  } catch (err) { //= catch: no  logged, then thrown on
    log.error({ err, reminderId }, 'snooze failed'); //= no-double-report  logged as an error and rethrown
    throw err;
  }
}

export const reminderWorker = new Worker<ReminderJob>('reminder', remind, { connection });
