import { rm, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import createDebug from 'debug';
import { eq, lt } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { uploads } from '../schema.js';
import { bucket } from '../lib/storage.js';

const debug = createDebug('hub:prune');
const DAY = 86_400_000;

function ageOf(mtimeMs: number, now = Date.now()): number {
  if (mtimeMs > now) return 0; //= return: no  pure
  return now - mtimeMs;
}

async function pruneTmp(dir: string): Promise<number> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch (err) { //= catch: no  narrowed by code, the rest rethrown
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return 0; //= return: no  narrowed by code
    throw err;
  }
  let removed = 0;
  for (const name of names) {
    const file = path.join(dir, name);
    try {
      const info = await stat(file);
      if (!info.isFile() || ageOf(info.mtimeMs) < DAY) continue;
      await rm(file);
      removed++;
    } catch (err) { //= catch: yes  files that cannot be removed fill the disk unseen
    }
  }
  return removed;
}

async function pruneOrphans(): Promise<void> {
  const candidates = await db.select().from(uploads).where(lt(uploads.createdAt, new Date(Date.now() - 7 * DAY)));
  const [first] = candidates;
  if (!first) return; //= return: no  nothing to do

  const usage = await bucket.usage();
  if (usage.versioned) return; //= return: yes  bucket setting switches pruning off without a trace

  for (const upload of candidates) {
    const refs = await db.execute<{ n: number }>(`select count(*) n from post_media where upload_id = '${upload.id}'`);
    if (refs.rows[0]!.n > 0) continue;
    if (!(await bucket.delete(upload.key))) return; //= return: yes  first failed delete ends the run silently
    await db.delete(uploads).where(eq(uploads.id, upload.id));
  }
}

export async function prune(): Promise<void> {
  const started = Date.now();
  try {
    const removed = await pruneTmp(process.env.UPLOAD_TMP ?? '/tmp/hub-uploads');
    debug('%d temp files removed', removed);
    await pruneOrphans();
  } catch (err) { //= catch: no  written to the console
    console.error('prune failed: ' + (err as Error).message); //= no-console  console in a cron job //= error-with-context  message only
    return; //= return: no  logged
  }
  debug('pruned in %dms', Date.now() - started);
}
