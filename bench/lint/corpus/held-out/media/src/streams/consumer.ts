import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { log } from '../lib/log';
import { streamLag, streamMessages } from '../lib/metrics';

export type Handler = (payload: Record<string, unknown>, id: string) => Promise<void>;
type Entry = [id: string, fields: string[]];

const MAX_DELIVERIES = 5;

export class StreamConsumer {
  private closing = false;
  private readonly handlers = new Map<string, Handler>();

  constructor(
    private readonly redis: Redis,
    private readonly stream: string,
    private readonly group: string,
    private readonly name: string,
  ) {}

  on(type: string, handler: Handler): this {
    this.handlers.set(type, handler);
    return this;
  }

  async ensureGroup(): Promise<void> {
    try {
      await this.redis.xgroup('CREATE', this.stream, this.group, '$', 'MKSTREAM');
    } catch (err) { //= catch: no  narrowed to an existing group, rest rethrown
      if ((err as Error).message.includes('BUSYGROUP')) return; //= return: no  group exists already
      throw err;
    }
  }

  async run(): Promise<void> {
    while (!this.closing) {
      try {
        const batch = (await this.redis.xreadgroup('GROUP', this.group, this.name, 'COUNT', 20, 'BLOCK', 5000, 'STREAMS', this.stream, '>')) as [string, Entry[]][] | null;
        if (!batch) continue;
        for (const [, entries] of batch) {
          for (const entry of entries) await this.process(entry);
        }
      } catch (err) { //= catch: no  logged, then retried
        if (this.closing) return; //= return: no  connection is closed on purpose
        log.error('stream_read_failed', { err, stream: this.stream, group: this.group });
        await sleep(1000);
      }
    }
  }

  private async process([id, fields]: Entry): Promise<void> {
    const payload = decode(fields);
    if (payload === null) {
      await this.ack(id);
      return; //= return: yes  an undecodable message is acknowledged and gone
    }

    const handler = this.handlers.get(String(payload.type));
    if (!handler) return void (await this.ack(id)); //= return: no  routing filter, this consumer has no handler for the type

    const deliveries = await this.redis.hincrby(`${this.stream}:deliveries`, id, 1);
    if (deliveries > MAX_DELIVERIES) {
      await this.redis.xadd(`${this.stream}:dead`, '*', ...fields);
      await this.ack(id);
      return; //= return: yes  message moved to the dead letter stream, nobody alerted
    }

    try {
      await handler(payload, id);
      await this.ack(id);
      streamMessages.inc({ stream: this.stream, result: 'ok', id }); //= bounded-labels  message id as label
    } catch (err) { //= catch: no  reaches the log, as text only
      log.warn('stream_handler_failed', { id, error: String(err) }); //= error-with-context  error as text, stack lost
      streamMessages.inc({ stream: this.stream, result: 'error' });
    }
  }

  private async ack(id: string): Promise<void> {
    await this.redis.xack(this.stream, this.group, id);
    const pending = await this.redis.xpending(this.stream, this.group);
    streamLag.set({ stream: this.stream }, Number(pending?.[0] ?? 0));
  }

  close(): void {
    this.closing = true;
  }
}

function decode(fields: string[]): Record<string, unknown> | null {
  const index = fields.indexOf('data');
  if (index < 0) return null; //= return: no  parser
  try {
    return JSON.parse(fields[index + 1]); //= return: no  parser
  } catch { //= catch: no  JSON probe
    return null; //= return: no  parser
  }
}
