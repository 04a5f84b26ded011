import { and, eq, isNotNull, lt } from 'drizzle-orm';
import { db } from '../db/client';
import { assets, uploads } from '../db/schema';
import { log } from '../lib/log';
import { storage } from '../lib/storage';
import { redis } from '../lib/redis';
import { settings } from '../services/settings';

const DAY = 24 * 60 * 60 * 1000;

export class CleanupJob {
  private aborted = false;

  stop = (): void => {
    this.aborted = true;
  };

  async run(): Promise<void> {
    const enabled = await settings.get('cleanup.enabled');
    if (!enabled) return; //= return: maybe  switched off in the settings table, disk fills up quietly
    const lock = await redis.set('cleanup:lock', process.pid, 'EX', 3600, 'NX');
    if (lock === null) return; //= return: yes  a lock left by a crashed run stops cleanups for an hour, invisibly

    await this.abandonedUploads();
    if (this.aborted) return; //= return: yes  purge of deleted assets is skipped without a line
    await this.deletedAssets();
    await redis.del('cleanup:lock').catch(() => {}); //= catch: maybe  lock expires on its own, but no comment says so
  }

  private async abandonedUploads(): Promise<void> {
    const rows = await db.select().from(uploads).where(lt(uploads.updatedAt, new Date(Date.now() - DAY)));
    if (!rows.length) return; //= return: no  nothing abandoned
    let removed = 0;
    for (const row of rows) {
      try {
        await storage.abortMultipart(row.key, row.multipartId);
        await db.delete(uploads).where(eq(uploads.id, row.id));
        removed++;
      } catch (err) { //= catch: yes  storage refuses, bill grows, only the count is lower
        continue;
      }
    }
    log.info('uploads_cleaned', { removed, found: rows.length });
  }

  private async deletedAssets(): Promise<void> {
    const days = Number(await settings.get('cleanup.retentionDays'));
    if (Number.isNaN(days)) return; //= return: yes  broken setting means deleted videos are kept for ever
    const limit = new Date(Date.now() - days * DAY);
    const rows = await db.select().from(assets).where(and(isNotNull(assets.deletedAt), lt(assets.deletedAt, limit)));

    for (const asset of rows) {
      if (this.aborted) {
        log.warn('cleanup_aborted', { remaining: rows.length });
        return; //= return: no  logged above
      }
      await this.purge(asset.id, asset.prefix).catch((err: Error) => { //= catch: no  logged, though as a sentence
        log.error('Purging the asset did not work', { err, assetId: asset.id }); //= structured-event  sentence where an event name is meant
      });
    }
  }

  private async purge(assetId: string, prefix: string | null): Promise<void> {
    if (!prefix) {
      await db.delete(assets).where(eq(assets.id, assetId));
      return; //= return: no  branch done, no files to remove
    }
    const holds = await db.query.legalHolds.findMany({ where: (h, { eq: is }) => is(h.assetId, assetId) });
    if (holds.length > 0) return; //= return: yes  a legal hold keeps the files, auditors ask for that
    await storage.removePrefix(prefix);
    await db.delete(assets).where(eq(assets.id, assetId));
  }
}
