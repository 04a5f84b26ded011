import type { Job } from 'bullmq';
import { eq } from 'drizzle-orm';
import { consola } from 'consola';
import sharp from 'sharp';
import { db } from '../db/client';
import { assets, thumbnails } from '../db/schema';
import { grabFrame } from '../lib/ffmpeg';
import { storage } from '../lib/storage';
import { purge } from '../lib/cdn';

const WIDTHS = [160, 320, 640, 1280];
const logger = consola.withTag('thumbnails');

type Source = { kind: 'frame'; at: number } | { kind: 'upload'; key: string };

async function loadSource(assetId: string, source: Source): Promise<Buffer | null> {
  if (source.kind === 'upload') return storage.read(source.key); //= return: no  branch on the kind of source
  const asset = await db.query.assets.findFirst({ where: eq(assets.id, assetId) });
  if (!asset?.sourceKey) return null; //= return: maybe  helper hands null back, the caller is the better place to log
  try {
    return await grabFrame(asset.sourceKey, source.at); //= return: no  happy path
  } catch (e) { //= catch: yes  ffmpeg's complaint is thrown away
    return null; //= return: no  helper hands null back, the catch label covers the loss
  }
}

export async function createThumbnails(job: Job<{ assetId: string; source: Source }>): Promise<void> {
  const { assetId, source } = job.data;
  const image = await loadSource(assetId, source);
  if (!image) return; //= return: yes  video stays without a thumbnail, nothing tells why

  const meta = await sharp(image).metadata();
  if (!meta.width || meta.width < WIDTHS[0]) {
    logger.warn('image is too small for thumbnails', { assetId, width: meta.width });
    return; //= return: no  logged above
  }
  if (meta.pages && meta.pages > 1 && !(await animatedAllowed(assetId))) return; //= return: yes  animated upload is refused silently

  const keys: string[] = [];
  for (const width of WIDTHS) {
    if (width > meta.width) break;
    const key = `thumbs/${assetId}/${width}.webp`;
    const buffer = await sharp(image).resize(width).webp({ quality: 80 }).toBuffer();
    await storage.write(key, buffer);
    keys.push(key);
  }
  await db.insert(thumbnails).values(keys.map((key) => ({ assetId, key }))).onConflictDoNothing();
  purge(keys).catch((err) => logger.warn('cdn purge failed', err)); //= catch: no  logged with the error
  logger.success('thumbnails for ' + assetId + ' done'); //= structured-event  concatenated message
}

async function animatedAllowed(assetId: string): Promise<boolean> {
  const asset = await db.query.assets.findFirst({ where: eq(assets.id, assetId), with: { channel: true } });
  if (!asset) return false; //= return: no  predicate
  if (asset.channel.plan === 'pro') return true; //= return: no  predicate
  return asset.channel.betaFeatures.includes('animated-thumbs');
}

export async function removeThumbnails(assetId: string): Promise<number> {
  const rows = await db.delete(thumbnails).where(eq(thumbnails.assetId, assetId)).returning();
  if (rows.length === 0) return 0; //= return: no  nothing to remove
  for (const row of rows) {
    try {
      await storage.remove(row.key);
    } catch (err) { //= catch: no  comment gives the reason
      // orphaned files are swept by the nightly cleanup
    }
  }
  return rows.length;
}

export async function pickPoster(job: Job<{ assetId: string }>): Promise<void> {
  const asset = await db.query.assets.findFirst({ where: eq(assets.id, job.data.assetId), with: { thumbnails: true } });
  if (!asset) {
    return; //= return: yes  job for a missing asset ends green
  }
  if (asset.posterKey) return; //= return: no  a poster is chosen already, idempotent
  const [best] = asset.thumbnails.sort((a, b) => b.score - a.score);
  if (!best || best.score < 0.2) return; //= return: yes  no frame is good enough, player shows black and nothing tells why
  await db.update(assets).set({ posterKey: best.key }).where(eq(assets.id, asset.id));
}
