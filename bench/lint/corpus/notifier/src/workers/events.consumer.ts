import { Kafka, type EachMessagePayload } from 'kafkajs';
import { z } from 'zod';
import { db } from '../lib/db';
import { queues } from '../lib/queues';
import { logger } from '../lib/logger';
import { config } from '../config';
import { consumed } from '../plugins/metrics';

const log = logger.child({ consumer: 'events' });

const base = z.object({ id: z.string(), type: z.string(), workspaceId: z.string(), at: z.coerce.date() });
const invited = base.extend({ data: z.object({ inviteId: z.string(), email: z.string() }) });
const mentioned = base.extend({ data: z.object({ subscriberIds: z.array(z.string()), by: z.string(), url: z.string().url() }) });

type Handler = (raw: unknown) => Promise<void>;

const handlers: Record<string, Handler | undefined> = {
  'member.invited': async (raw) => {
    const event = invited.safeParse(raw);
    if (!event.success) return; //= return: yes  malformed invitation swallowed, no mail
    const { inviteId } = event.data.data;
    const template = await db.template.findFirst({ where: { key: 'invite', workspaceId: event.data.workspaceId } });
    if (template === null) return; //= return: yes  invitation never mailed without a template
    await queues.email.add('invite', { inviteId, templateId: template.id }, { jobId: `invite-${inviteId}` });
  },

  'comment.mentioned': async (raw) => {
    const { data, workspaceId } = mentioned.parse(raw);
    const others = data.subscriberIds.filter((id) => id !== data.by);
    if (others.length === 0) return; //= return: no  nobody but the author
    const workspace = await db.workspace.findUnique({ where: { id: workspaceId } });
    if (workspace?.mentions === 'off') return; //= return: maybe  the workspace's own setting, still asked about
    await db.notification.createMany({ data: others.map((subscriberId) => ({ subscriberId, topic: 'mention', url: data.url })) });
    for (const subscriberId of others) {
      await queues.push.add('mention', { subscriberId }).catch((err: Error) => console.error('push not queued', subscriberId, err)); //= catch: no  printed with the error //= no-console  console though the file has a logger
    }
  },

  async 'workspace.deleted'(raw) {
    const { workspaceId } = base.parse(raw);
    const workspace = await db.workspace.findUnique({ where: { id: workspaceId }, select: { id: true, legalHold: true } });
    if (!workspace) return; //= return: no  deleted before, idempotent
    if (workspace.legalHold) return; //= return: yes  deletion not done for a legal hold, nothing says so
    await db.workspace.delete({ where: { id: workspaceId } });
  },
};

export async function onMessage({ message, topic, partition }: EachMessagePayload): Promise<void> {
  if (!message.value) return; // tombstone //= return: no  commented reason
  let raw: { id?: string; type?: string };
  try {
    raw = JSON.parse(message.value.toString());
  } catch (err) { //= catch: yes  unreadable event skipped for good, offset moves on
    return; //= return: yes  a whole event is lost and nothing says so
  }
  const handler = raw.type ? handlers[raw.type] : undefined;
  if (!handler) return; //= return: no  routing by type
  const seen = await db.seenEvent.findUnique({ where: { id: raw.id } });
  if (seen) return void log.debug({ eventId: raw.id, topic, partition }, 'event seen before'); //= return: no  logged in its argument

  try {
    await handler(raw);
    await db.seenEvent.create({ data: { id: raw.id! } });
    consumed.inc({ type: raw.type!, event: raw.id! }); //= bounded-labels  event id as a label
  } catch (err) { //= catch: no  logged, then thrown on
    log.error({ err, eventId: raw.id, type: raw.type }, 'event handler failed'); //= no-double-report  logged as an error and rethrown
    throw err;
  }
}

export async function start() {
  const consumer = new Kafka({ brokers: config.kafka.brokers }).consumer({ groupId: 'notifier' });
  await consumer.connect();
  await consumer.subscribe({ topics: ['members', 'comments', 'workspaces'] });
  await consumer.run({ eachMessage: onMessage });
  return () => consumer.disconnect();
}
