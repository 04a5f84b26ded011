import cron from 'node-cron';
import pLimit from 'p-limit';
import { db } from '../lib/db';
import { queues } from '../lib/queues';
import { logger } from '../lib/logger';
import { localHour } from '../domain/quiet-hours';
import { flags } from '../lib/flags';

const log = logger.child({ cron: 'digest' });
const limit = pLimit(8);

interface Workspace {
  id: string;
  plan: 'free' | 'pro' | 'enterprise';
  suspendedAt: Date | null;
  digestHour: number | null;
}

async function scheduleFor(workspace: Workspace, now: Date): Promise<number> {
  const { id, plan, digestHour } = workspace;
  if (workspace.suspendedAt !== null) return 0; //= return: yes  a suspended workspace's subscribers get no digest, unlogged
  if (plan === 'free' && !(await flags.isOn('free-digests', { id }))) return 0; //= return: yes  plan without digests, nothing tells support

  const due = await db.subscriber.findMany({ where: { workspaceId: id, digest: { not: 'off' }, unsubscribedAt: null } });
  const ready = due.filter((s: { timezone: string }) => localHour(s.timezone, now) === (digestHour ?? 8));
  if (!ready.length) return 0; //= return: no  nobody is due at this hour

  const backlog = await queues.digest.getWaitingCount();
  if (backlog > 50_000) {
    log.warn({ backlog, workspaceId: id, ready: ready.length }, 'digest queue too long, hour skipped');
    return 0; //= return: no  logged
  }
  await queues.digest.addBulk(
    ready.map((s: { id: string; digest: 'daily' | 'weekly' }) => ({
      name: s.digest,
      data: { subscriberId: s.id, period: s.digest, since: new Date(now.getTime() - 7 * 86_400_000).toISOString() },
      opts: { jobId: `${s.id}:${now.toISOString().slice(0, 13)}` },
    })),
  );
  return ready.length;
}

export async function tick(now = new Date()): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (!(await flags.isOn('digests'))) return counts; //= return: yes  all digests off for a flag, no line says it
  const workspaces: Workspace[] = await db.workspace.findMany();
  await Promise.all(
    workspaces.map((w) =>
      limit(async () => {
        try {
          counts.set(w.id, await scheduleFor(w, now));
        } catch { //= catch: yes  a workspace is left without digests, cause lost
          counts.set(w.id, 0);
        }
      }),
    ),
  );
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  log.info(`digests scheduled: ${total} in ${workspaces.length} workspaces`); //= structured-event  interpolated message
  return counts;
}

export function start(): () => void {
  const task = cron.schedule('0 * * * *', () => {
    tick().catch((err: Error) => { //= catch: no  printed, though on the console and as text
      console.error('digest scheduler: ' + err.message); //= no-console  console though the file has a logger //= error-with-context  message alone, concatenated
    });
  });
  return () => task.stop();
}
