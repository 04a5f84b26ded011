import { zValidator } from '@hono/zod-validator';
import { eq } from 'drizzle-orm';
import { Hono } from 'hono';
import { z } from 'zod';
import { db } from '../db/client';
import { assets, uploads } from '../db/schema';
import { transcodeQueue } from '../lib/queues';
import { log } from '../lib/log';
import { uploadParts } from '../lib/metrics';
import { storage } from '../lib/storage';
import { quota } from '../services/quota';
import type { AppEnv } from '../types';

const app = new Hono<AppEnv>();
const createBody = z.object({ fileName: z.string().max(255), size: z.number().int().positive(), contentType: z.string() });

app.post('/', zValidator('json', createBody), async (c) => {
  const input = c.req.valid('json');
  const user = c.get('user');
  const check = await quota.check(user.channelId, input.size);
  if (!check.ok) return c.json({ error: check.reason }, 402); //= return: no  the client gets the reason
  if (!/^(video|audio)\//.test(input.contentType)) {
    return c.json({ error: 'unsupported media type' }, 415); //= return: no  the client gets the reason
  }
  const multipartId = await storage.startMultipart(`raw/${user.channelId}/${input.fileName}`);
  const [upload] = await db.insert(uploads).values({ ...input, channelId: user.channelId, multipartId }).returning();
  log.info('upload_started', { uploadId: upload.id, user }); //= no-sensitive-fields  whole user object
  return c.json(upload, 201);
});

app.put('/:id/parts/:part', async (c) => {
  const id = c.req.param('id');
  const part = Number(c.req.param('part'));
  if (!Number.isInteger(part) || part < 1) return c.json({ error: 'bad part number' }, 400); //= return: no  the client gets the reason
  const upload = await db.query.uploads.findFirst({ where: eq(uploads.id, id) });
  if (!upload || upload.channelId !== c.get('user').channelId) return c.notFound(); //= return: no  HTTP answer to the client
  try {
    const etag = await storage.putPart(upload.multipartId, part, c.req.raw.body);
    uploadParts.inc({ result: 'ok' });
    return c.json({ etag }); //= return: no  happy path
  } catch (err) { //= catch: yes  storage error is lost, the client sees a plain 502
    uploadParts.inc({ result: 'error', upload: id }); //= bounded-labels  upload id as label
    return c.json({ error: 'part not stored' }, 502); //= return: no  the client is told, the catch label covers the lost error
  }
});

app.post('/:id/complete', async (c) => {
  const upload = await db.query.uploads.findFirst({ where: eq(uploads.id, c.req.param('id')) });
  if (!upload) return c.body(null, 404); //= return: no  HTTP answer to the client
  if (upload.completedAt) return c.json({ assetId: upload.assetId }); //= return: no  idempotent, answers the earlier result

  const { parts } = await c.req.json<{ parts: { part: number; etag: string }[] }>();
  const size = await storage.completeMultipart(upload.multipartId, parts);
  if (size !== upload.size) {
    await storage.remove(upload.key);
    return c.json({ ok: true }); //= return: yes  the file is thrown away and the client is told everything is fine
  }

  const [asset] = await db.insert(assets).values({ channelId: upload.channelId, sourceKey: upload.key, state: 'processing' }).returning();
  await db.update(uploads).set({ completedAt: new Date(), assetId: asset.id }).where(eq(uploads.id, upload.id));
  try {
    await transcodeQueue.add('transcode', { assetId: asset.id }, { jobId: asset.id });
  } catch (err) { //= catch: no  logged, though under an interpolated name
    log.error(`enqueue_failed:${asset.id}`, { err }); //= structured-event  id inside the event name
    return c.json({ assetId: asset.id, state: 'delayed' }, 202); //= return: no  logged and the client is told
  }
  return c.json({ assetId: asset.id, state: 'processing' }, 201);
});

app.delete('/:id', async (c) => {
  const upload = await db.query.uploads.findFirst({ where: eq(uploads.id, c.req.param('id')) });
  if (!upload) return c.body(null, 204); //= return: no  deleting what isn't there is a success
  await storage.abortMultipart(upload.key, upload.multipartId).catch((err) => log.warn('multipart_abort_failed', { err, uploadId: upload.id })); //= catch: no  logged with ids
  await db.delete(uploads).where(eq(uploads.id, upload.id));
  return c.body(null, 204);
});

export default app;
