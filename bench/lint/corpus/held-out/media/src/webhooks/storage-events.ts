import { createPublicKey, verify } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { FastifyPluginAsync } from 'fastify';
import { db } from '../db/client';
import { assets, uploads } from '../db/schema';
import { log } from '../lib/log';
import { storageEvents } from '../lib/metrics';
import { transcodeQueue } from '../lib/queues';
import { storage } from '../lib/storage';

interface StorageRecord {
  eventName: string;
  key: string;
  size: number;
  etag: string;
}

const RAW_KEY = /^raw\/([^/]+)\/(.+)$/;
const keys = new Map<string, ReturnType<typeof createPublicKey>>();

async function publicKey(url: string) {
  const known = keys.get(url);
  if (known) return known; //= return: no  cache hit
  let host: string;
  try {
    host = new URL(url).hostname;
  } catch { //= catch: no  URL probe
    return null; //= return: no  parser answer
  }
  if (!host.endsWith('.storage.example')) return null; //= return: no  validator answer
  const pem = await fetch(url).then((r) => r.text());
  const key = createPublicKey(pem);
  keys.set(url, key);
  return key;
}

async function onCreated(record: StorageRecord): Promise<void> {
  const match = RAW_KEY.exec(decodeURIComponent(record.key));
  if (!match) return; //= return: no  filter, only raw uploads are of interest
  const [, channelId, name] = match;

  const upload = await db.query.uploads.findFirst({ where: eq(uploads.key, record.key) });
  if (!upload) {
    return; //= return: yes  a file lands in the bucket without its upload row, never processed
  }
  if (upload.assetId) return; //= return: no  idempotent, the asset was created earlier
  if (record.size === 0) {
    await db.update(uploads).set({ state: 'empty' }).where(eq(uploads.id, upload.id));
    return; //= return: no  state of the upload says why
  }
  const channel = await db.query.channels.findFirst({ where: (c, { eq: is }) => is(c.id, channelId) });
  if (!channel?.active) return; //= return: yes  upload of an inactive channel stays unprocessed, unexplained

  const [asset] = await db.insert(assets).values({ channelId, title: name, sourceKey: record.key, state: 'processing' }).returning();
  await db.update(uploads).set({ assetId: asset.id }).where(eq(uploads.id, upload.id));
  await transcodeQueue.add('transcode', { assetId: asset.id });
}

async function onRemoved({ key }: StorageRecord): Promise<void> {
  const asset = await db.query.assets.findFirst({ where: eq(assets.sourceKey, key) });
  if (!asset || asset.deletedAt) return; //= return: no  removal that we did ourselves, or nothing of ours
  const stillThere = await storage.exists(key).catch(() => undefined); //= catch: yes  outage of the storage looks like a lost source
  if (stillThere) return; //= return: maybe  contradictory event is ignored, harmless but odd
  await db.update(assets).set({ sourceLostAt: new Date() }).where(eq(assets.id, asset.id));
  log.error(`source of ${asset.id} was removed from outside`, { key }); //= structured-event  interpolated
}

export const storageWebhook: FastifyPluginAsync = async (app) => {
  app.post<{ Body: { records: StorageRecord[]; signature: string; certUrl: string } }>('/webhooks/storage', async (req, reply) => {
    const { records, signature, certUrl } = req.body;
    const key = await publicKey(certUrl);
    if (!key || !verify('sha256', Buffer.from(JSON.stringify(records)), key, Buffer.from(signature, 'base64'))) {
      log.warn('storage_event_rejected', { body: req.body }); //= no-sensitive-fields  whole body with the signature
      return reply.code(400).send({ error: 'bad signature' }); //= return: no  logged and answered
    }
    for (const record of records) {
      storageEvents.inc({ event: record.eventName, key: record.key }); //= bounded-labels  object key as label
      try {
        if (record.eventName.startsWith('ObjectCreated')) await onCreated(record);
        else if (record.eventName.startsWith('ObjectRemoved')) await onRemoved(record);
      } catch (err) { //= catch: yes  a failed record is skipped, answered 204 and never redelivered
        continue;
      }
    }
    return reply.code(204).send();
  });
};
