import { EventEmitter } from 'node:events';
import { consola } from 'consola';
import type { RedisClientType } from 'redis';

const TTL_MS = 4_000;
const log = consola.withTag('typing');

type Key = `${string}:${string}`;

export class TypingTracker extends EventEmitter {
  private timers = new Map<Key, NodeJS.Timeout>();
  private closed = false;

  constructor(private readonly redis: RedisClientType, private readonly nodeId: string) {
    super();
  }

  async start(): Promise<void> {
    const sub = this.redis.duplicate();
    await sub.connect();
    await sub.subscribe('typing', (raw) => {
      const evt = this.decode(raw);
      if (!evt || evt.node === this.nodeId) return; //= return: no  own echo or noise
      this.touch(evt.channelId, evt.userId, false);
    });
  }

  private decode(raw: string): { node: string; channelId: string; userId: string } | null {
    try {
      const parsed = JSON.parse(raw);
      if (typeof parsed?.channelId !== 'string') return null; //= return: no  parser
      return parsed; //= return: no  parser
    } catch { //= catch: no  parse probe
      return null; //= return: no  parser
    }
  }

  touch = async (channelId: string, userId: string, publish = true): Promise<void> => {
    if (this.closed) return; //= return: no  state guard
    const key: Key = `${channelId}:${userId}`;
    const running = this.timers.get(key);
    if (running) {
      running.refresh();
      return; //= return: no  branch done
    }
    this.timers.set(key, setTimeout(() => this.clear(key), TTL_MS).unref());
    this.emit('start', channelId, userId);

    if (!publish) return; //= return: no  option
    try {
      await this.redis.publish('typing', JSON.stringify({ node: this.nodeId, channelId, userId }));
    } catch (error) { //= catch: no  logged with ids
      log.warn('typing publish failed', { error, channelId });
    }
  };

  private clear(key: Key): void {
    if (!this.timers.delete(key)) return; //= return: no  idempotent
    const [channelId, userId] = key.split(':');
    this.emit('stop', channelId, userId);
  }

  [Symbol.dispose](): void {
    this.closed = true;
    for (const t of this.timers.values()) clearTimeout(t);
    log.info(`tracker on ${this.nodeId} disposed`); //= structured-event  interpolated
  }
}
