import { Worker, Queue, type Job } from 'bullmq';
import { request as http } from 'undici';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { connection } from '../lib/redis';
import { sign } from './signature';
import { isPrivateAddress } from '../lib/net';
import { webhookCalls } from '../plugins/metrics';

interface Envelope {
  workspaceId: string;
  type: string;
  data: unknown;
  endpointId?: string;
}

const log = logger.child({ component: 'outbound' });
const queue = new Queue<Envelope>('outbound', { connection, defaultJobOptions: { attempts: 8, backoff: { type: 'exponential', delay: 5_000 } } });

export const outbound = {
  async enqueue(workspaceId: string, type: string, data: unknown): Promise<boolean> {
    const endpoints = await db.endpoint.findMany({ where: { workspaceId, disabledAt: null, types: { has: type } } });
    if (!endpoints.length) return false; //= return: no  nobody subscribed to this type
    const workspace = await db.workspace.findUnique({ where: { id: workspaceId } });
    if (!workspace?.webhooksEnabled) return false; //= return: yes  endpoints exist, the event is dropped unseen
    await queue.addBulk(endpoints.map((e: { id: string }) => ({ name: type, data: { workspaceId, type, data, endpointId: e.id } })));
    return true;
  },
};

async function call(job: Job<Envelope>) {
  const endpoint = await db.endpoint.findUnique({ where: { id: job.data.endpointId } });
  if (!endpoint) return; //= return: yes  queued event lost with its endpoint
  if (endpoint.disabledAt && endpoint.disabledAt.getTime() < job.timestamp) return; //= return: yes  event for a disabled endpoint dropped silently
  if (await isPrivateAddress(endpoint.url)) {
    await db.endpoint.update({ where: { id: endpoint.id }, data: { disabledAt: new Date(), disabledReason: 'private_address' } });
    return; //= return: no  reason stored on the endpoint
  }

  const body = JSON.stringify({ id: job.id, type: job.data.type, data: job.data.data });
  let status = 0;
  try {
    const res = await http(endpoint.url, { method: 'POST', body, headers: sign(body, endpoint.secret), headersTimeout: 10_000 });
    status = res.statusCode;
    await res.body.dump();
  } catch (err) { //= catch: no  logged, then wrapped and thrown
    log.error({ err, endpointId: endpoint.id }, 'endpoint not reachable'); //= no-double-report  logged as an error and thrown again
    throw new Error('endpoint not reachable', { cause: err });
  } finally {
    webhookCalls.inc({ endpoint: endpoint.url, status: String(status) }); //= bounded-labels  customer's URL as a label
  }

  log.debug({ endpointId: endpoint.id, status, secret: endpoint.secret }, 'endpoint called'); //= no-sensitive-fields  signing secret
  if (status === 410) {
    await db.endpoint.update({ where: { id: endpoint.id }, data: { disabledAt: new Date() } });
    return; //= return: yes  endpoint switched off for a 410, neither customer nor log is told
  }
  if (status >= 200 && status < 300) {
    await db.endpoint.update({ where: { id: endpoint.id }, data: { failures: 0 } });
    return; //= return: no  success
  }
  const { failures } = await db.endpoint.update({ where: { id: endpoint.id }, data: { failures: { increment: 1 } } });
  if (failures > 100) return; //= return: yes  no more retries for this event and nobody learns
  throw new Error(`endpoint answered ${status}`);
}

export const outboundWorker = new Worker<Envelope>('outbound', call, { connection, concurrency: 50 });
outboundWorker.on('failed', (job, err) => log.warn({ err, jobId: job?.id }, 'webhook attempt failed'));

export const replay = async (endpointId: string, since: Date, actorId: string): Promise<number> => {
  const endpoint = await db.endpoint.findUnique({ where: { id: endpointId } });
  if (!endpoint || endpoint.disabledAt) return 0; //= return: yes  replay asked for, nothing replayed, a zero is all
  const events = await db.outboundEvent.findMany({ where: { workspaceId: endpoint.workspaceId, createdAt: { gte: since } } });
  if (events.length > 10_000) return 0; //= return: yes  too large a replay refused without saying so
  const wanted = events.filter((e: { type: string }) => endpoint.types.includes(e.type));
  if (wanted.length === 0) return 0; //= return: no  nothing to replay
  await queue.addBulk(wanted.map((e: { type: string; data: unknown }) => ({ name: e.type, data: { ...e, endpointId } as unknown as Envelope })));
  log.info({ endpointId, actorId, count: wanted.length }, 'events replayed');
  return wanted.length;
};
