import { and, eq, isNull } from 'drizzle-orm';
import webpush, { WebPushError } from 'web-push';
import { db } from '../db/client';
import { devices, notifications, preferences } from '../db/schema';
import { log } from '../lib/log';
import { pushSent } from '../lib/metrics';
import { quietHours } from '../services/quiet-hours';

export interface PushInput {
  viewerId: string;
  kind: 'new_episode' | 'comment' | 'live';
  title: string;
  url: string;
  dedupeKey?: string;
}

export async function notify(input: PushInput): Promise<void> {
  const prefs = await db.query.preferences.findFirst({ where: eq(preferences.viewerId, input.viewerId) });
  if (prefs?.muted.includes(input.kind)) return; //= return: yes  viewer's own setting drops the push, first question of support

  if (input.dedupeKey) {
    const earlier = await db.query.notifications.findFirst({ where: eq(notifications.dedupeKey, input.dedupeKey) });
    if (earlier) return; //= return: no  idempotency by a dedupe key, name says it
  }

  const quiet = await quietHours(input.viewerId);
  if (quiet.active && input.kind !== 'live') {
    log.debug('push_suppressed', { viewerId: input.viewerId, kind: input.kind, until: quiet.until });
    return; //= return: no  logged above
  }

  const targets = await db.select().from(devices).where(and(eq(devices.viewerId, input.viewerId), isNull(devices.disabledAt)));
  if (targets.length === 0) return; //= return: yes  no enabled device, the push is dropped without a word

  const results = await Promise.all(targets.map((target) => deliver(target, input)));
  if (!results.some(Boolean)) return; //= return: no  every single failure was logged by deliver
  await db.insert(notifications).values({ viewerId: input.viewerId, kind: input.kind, dedupeKey: input.dedupeKey ?? null });
}

async function deliver(device: typeof devices.$inferSelect, input: PushInput): Promise<boolean> {
  const payload = JSON.stringify({ title: input.title, url: input.url });
  try {
    await webpush.sendNotification({ endpoint: device.endpoint, keys: device.keys }, payload, { TTL: 3600 });
    pushSent.inc({ kind: input.kind, result: 'ok' });
    return true; //= return: no  happy path
  } catch (err) { //= catch: no  gone devices handled, the rest logged
    if (err instanceof WebPushError && (err.statusCode === 404 || err.statusCode === 410)) {
      await db.update(devices).set({ disabledAt: new Date() }).where(eq(devices.id, device.id));
      log.info('push_device_gone', { deviceId: device.id });
      return false; //= return: no  logged above
    }
    pushSent.inc({ kind: input.kind, result: 'error', endpoint: device.endpoint }); //= bounded-labels  endpoint URL as label
    log.warn('Push to device failed, will not be retried', { err, deviceId: device.id }); //= structured-event  sentence where an event name is meant
    return false; //= return: no  logged above
  }
}

export async function registerDevice(viewerId: string, endpoint: string, keys: { p256dh: string; auth: string }) {
  const [existing] = await db.select().from(devices).where(eq(devices.endpoint, endpoint));
  if (existing?.viewerId === viewerId && !existing.disabledAt) return existing.id; //= return: no  idempotent
  if (existing) {
    await db.update(devices).set({ viewerId, keys, disabledAt: null }).where(eq(devices.id, existing.id));
    return existing.id; //= return: no  branch done
  }
  const [created] = await db.insert(devices).values({ viewerId, endpoint, keys }).returning();
  return created.id;
}

export async function announceLive(channelId: string, streamId: string): Promise<number> {
  const channel = await db.query.channels.findFirst({ where: (c, { eq: is }) => is(c.id, channelId), with: { followers: true } });
  if (!channel) return 0; //= return: yes  nobody is told of the live stream, 0 does not say why
  const stream = await db.query.streams.findFirst({ where: (s, { eq: is }) => is(s.id, streamId) });
  if (stream?.visibility !== 'public') return 0; //= return: yes  private stream is not announced, creators will ask
  const followers = channel.followers.filter((f) => f.liveAlerts);
  for (const follower of followers) {
    await notify({ viewerId: follower.id, kind: 'live', title: stream.title, url: `/live/${streamId}` });
  }
  return followers.length;
}
