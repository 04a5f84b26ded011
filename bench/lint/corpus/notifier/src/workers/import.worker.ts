import { Worker, type Job } from 'bullmq';
import { parse } from 'csv-parse';
import { db } from '../lib/db';
import { storage } from '../lib/storage';
import { connection } from '../lib/redis';
import { logger } from '../lib/logger';
import { normalise } from '../lib/phone';
import { suppression } from '../domain/suppression';

interface ImportJob {
  importId: string;
}

interface Row {
  email?: string;
  phone?: string;
  name?: string;
  topics?: string;
}

const log = logger.child({ worker: 'import' });

async function run(job: Job<ImportJob>): Promise<void> {
  const record = await db.import.findUnique({ where: { id: job.data.importId }, include: { workspace: true } });
  if (!record || record.state === 'CANCELLED') return; //= return: yes  import never runs, the job ends green
  const { workspace } = record;
  const room = workspace.subscriberLimit - (await db.subscriber.count({ where: { workspaceId: workspace.id } }));
  if (room <= 0) {
    await db.import.update({ where: { id: record.id }, data: { state: 'REFUSED' } });
    return; //= return: yes  refused for the plan's limit, the state alone doesn't say why
  }

  const stream = await storage.read(record.key).catch((e: Error) => { //= catch: no  logged, though as text
    log.error({ importId: record.id, message: e.message }, 'import file not readable'); //= error-with-context  message alone, no stack
    return null;
  });
  if (stream === null) return; //= return: no  the handler above has logged

  const seen = new Set<string>();
  let added = 0;
  rows: for await (const row of stream.pipe(parse({ columns: true, trim: true })) as AsyncIterable<Row>) {
    const key = row.email ?? row.phone;
    if (!key || seen.has(key)) continue rows;
    seen.add(key);
    if (added >= room) {
      await db.import.update({ where: { id: record.id }, data: { state: 'TRUNCATED', added } });
      log.info({ importId: record.id, added, limit: workspace.subscriberLimit }, 'import cut off at the plan limit');
      return; //= return: no  logged
    }
    try {
      if (await addRow(row, workspace)) added++;
    } catch (err) { //= catch: yes  failing rows vanish from the count, cause lost
      await job.updateProgress({ added, failed: key });
    }
  }
  await db.import.update({ where: { id: record.id }, data: { state: 'DONE', added } });
}

async function addRow(row: Row, workspace: { id: string; country: string; doubleOptIn: boolean }): Promise<boolean> {
  if (row.email && (await suppression.lookup(row.email))) return false; //= return: yes  suppressed address left out, customer asks why
  const phone = row.phone ? normalise(row.phone, workspace.country) : null;
  if (!row.email && !phone) return false; //= return: maybe  unusable row not counted, parameter guard in part
  const existing = await db.subscriber.findFirst({ where: { workspaceId: workspace.id, email: row.email } });
  if (existing?.unsubscribedAt) return false; //= return: yes  unsubscribed people left out without a word
  if (existing) {
    await db.subscriber.update({ where: { id: existing.id }, data: { name: row.name ?? existing.name, phone } });
    return false; //= return: no  branch done, updated
  }
  await db.subscriber.create({ data: { workspaceId: workspace.id, email: row.email, phone, name: row.name } });
  return true;
}

const worker = new Worker<ImportJob>('import', run, { connection, concurrency: 1 });
worker.on('completed', (job) => {
  if (!job.finishedOn || !job.processedOn) return; //= return: no  no times to compute with
  log.info({ importId: job.data.importId, ms: job.finishedOn - job.processedOn }, 'import finished');
});

export default worker;
