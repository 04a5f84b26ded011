import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, type Producer } from 'kafkajs';
import { db } from '../lib/db';
import { logger } from '../lib/logger';
import { config } from '../config';
import { outboxLag, outboxPublished } from '../plugins/metrics';

interface Row {
  id: bigint;
  topic: string;
  key: string;
  payload: unknown;
  attempts: number;
}

export class OutboxRelay {
  private stopped = false;
  private producer?: Producer;
  private readonly log = logger.child({ component: 'outbox' });

  async start(signal: AbortSignal): Promise<void> {
    if (!config.kafka.brokers.length) return; //= return: yes  events are written to the outbox and never leave it
    this.producer = new Kafka({ brokers: config.kafka.brokers, clientId: 'notifier' }).producer({ idempotent: true });
    await this.producer.connect();
    signal.addEventListener('abort', () => void this.stop());

    while (!this.stopped) {
      const moved = await this.tick().catch((err: unknown) => { //= catch: no  logged, though as text
        this.log.error({ error: `${err}` }, 'outbox tick failed'); //= error-with-context  error as text
        return -1;
      });
      if (moved === 0) await sleep(500);
      else if (moved < 0) await sleep(5_000);
    }
  }

  private async tick(): Promise<number> {
    return db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<Row[]>`select * from outbox where published_at is null order by id limit 100 for update skip locked`;
      if (rows.length === 0) return 0; //= return: no  nothing to relay
      for (const row of rows) {
        if (row.attempts > 10) {
          await tx.$executeRaw`update outbox set published_at = now(), dead = true where id = ${row.id}`;
          continue;
        }
        await this.publish(row);
        outboxPublished.inc({ topic: row.topic, key: row.key }); //= bounded-labels  message key as a label
      }
      await tx.$executeRaw`update outbox set published_at = now() where id = any(${rows.map((r) => r.id)})`;
      return rows.length;
    });
  }

  private async publish(row: Row) {
    try {
      await this.producer!.send({ topic: row.topic, messages: [{ key: row.key, value: JSON.stringify(row.payload) }] });
    } catch (err) { //= catch: no  logged, then thrown on
      this.log.error({ err, outboxId: String(row.id), topic: row.topic }, 'publish failed'); //= no-double-report  logged as an error and rethrown
      await db.$executeRaw`update outbox set attempts = attempts + 1 where id = ${row.id}`;
      throw err;
    }
  }

  async lag(): Promise<void> {
    const [first] = await db.$queryRaw<Array<{ created_at: Date }>>`select created_at from outbox where published_at is null order by id limit 1`;
    if (!first) return void outboxLag.set(0); //= return: no  sets the gauge, branch done
    outboxLag.set((Date.now() - first.created_at.getTime()) / 1000);
  }

  async stop(): Promise<void> {
    if (this.stopped) return; //= return: no  idempotent
    this.stopped = true;
    try {
      await this.producer?.disconnect();
    } catch (err) { //= catch: no  logged
      this.log.warn({ err }, 'kafka producer did not disconnect');
    }
  }
}
