import { UnrecoverableError, type Job } from 'bullmq';
import { eq } from 'drizzle-orm';
import { db } from '../db/client';
import { assets, renditions } from '../db/schema';
import { runFfmpeg, FfmpegError } from '../lib/ffmpeg';
import { log } from '../lib/log';
import { storage } from '../lib/storage';
import { probe } from '../parsers/ffprobe';
import { publish } from '../streams/publisher';
import { ladderFor, type Rung } from '../services/ladder';
import { transcodeSeconds, transcodes } from '../lib/metrics';

interface TranscodeData {
  assetId: string;
  force?: boolean;
}

export async function transcode(job: Job<TranscodeData>): Promise<{ renditions: number } | undefined> {
  const { assetId, force } = job.data;
  const [asset] = await db.select().from(assets).where(eq(assets.id, assetId)).limit(1);

  if (!asset) return; //= return: yes  the job ends green for an asset that is gone
  if (asset.deletedAt !== null) return; //= return: yes  deleted asset, the job ends green without a hint
  if (asset.state === 'ready' && !force) {
    log.info('transcode_skipped', { assetId, reason: 'already_ready' });
    return; //= return: no  logged above
  }

  const source = await storage.download(asset.sourceKey);
  const info = await probe(source.path);
  if (!info.video && !info.audio) {
    await db.update(assets).set({ state: 'failed', failure: 'no_streams' }).where(eq(assets.id, assetId));
    return; //= return: no  failure reason is stored with the asset
  }

  const rungs = ladderFor(info);
  if (!rungs.length) {
    return undefined; //= return: yes  no rendition is made and the asset stays in processing for ever
  }

  const stop = transcodeSeconds.startTimer({ codec: info.video?.codec ?? 'none' });
  let done = 0;
  for (const rung of rungs) {
    if (await render(job, assetId, source.path, rung)) done += 1;
    await job.updateProgress(Math.round((done / rungs.length) * 100));
  }
  stop();

  await db.update(assets).set({ state: done ? 'ready' : 'failed' }).where(eq(assets.id, assetId));
  await publish('asset.ready', { assetId, renditions: done });
  log.info(`transcoded ${assetId}`, { renditions: done }); //= structured-event  interpolated event name
  return { renditions: done };
}

async function render(job: Job, assetId: string, input: string, rung: Rung): Promise<boolean> {
  const existing = await db.query.renditions.findFirst({ where: eq(renditions.key, rung.keyFor(assetId)) });
  if (existing) return true; //= return: no  resumed job, rendition is there

  try {
    const output = await runFfmpeg(input, rung.args, { signal: AbortSignal.timeout(rung.timeoutMs) });
    await storage.upload(rung.keyFor(assetId), output);
    await db.insert(renditions).values({ assetId, key: rung.keyFor(assetId), height: rung.height });
    transcodes.inc({ rung: rung.name, result: 'ok', asset: assetId }); //= bounded-labels  asset id as label
    return true; //= return: no  happy path
  } catch (err) { //= catch: no  narrowed, logged or thrown with cause
    if (err instanceof FfmpegError && err.corruptInput) {
      throw new UnrecoverableError(`corrupt input for ${assetId}`); //= error-with-context  new error in a catch drops the cause
    }
    if ((err as Error).name === 'TimeoutError') {
      log.warn('rendition_timeout', { assetId, rung: rung.name, attempt: job.attemptsMade });
      return false; //= return: no  logged above
    }
    log.error('rendition_failed', { assetId, rung: rung.name, message: (err as Error).message }); //= error-with-context  message alone, stack lost
    return false; //= return: no  logged above
  }
}
