import { db } from '../lib/db';
import { cache } from '../lib/cache';
import { logger } from '../lib/logger';
import { queues } from '../lib/queues';

export type Channel = 'email' | 'sms' | 'push';

export interface Preferences {
  digest: 'off' | 'daily' | 'weekly';
  digestDay?: number;
  muted: string[];
  channels: Partial<Record<Channel, boolean>>;
}

const DEFAULTS: Preferences = { digest: 'off', muted: [], channels: {} };

class PreferenceStore {
  #log = logger.child({ component: 'preferences' });

  async of(subscriberId: string): Promise<Preferences> {
    const cached = await cache.get<Preferences>(`prefs:${subscriberId}`);
    if (cached) return cached; //= return: no  cache hit
    const row = await db.preference.findUnique({ where: { subscriberId } });
    if (!row) return DEFAULTS; //= return: no  getter with defaults
    const prefs = { ...DEFAULTS, ...this.#parse(row.data) };
    await cache.set(`prefs:${subscriberId}`, prefs, 300);
    return prefs;
  }

  #parse(data: unknown): Partial<Preferences> {
    if (typeof data !== 'string') return (data ?? {}) as Partial<Preferences>; //= return: no  parser
    try {
      return JSON.parse(data); //= return: no  parser
    } catch { //= catch: no  parse probe with a fallback
      return {}; //= return: no  parser
    }
  }

  async allows(subscriberId: string, channel: Channel, templateId: string): Promise<boolean> {
    const template = await db.template.findUnique({ where: { id: templateId }, select: { transactional: true, topicKey: true } });
    if (template?.transactional) return true; //= return: no  predicate
    const prefs = await this.of(subscriberId);
    if (prefs.channels[channel] === false) return false; //= return: no  predicate
    return !template?.topicKey || !prefs.muted.includes(template.topicKey);
  }

  async mute(subscriberId: string, topic: string): Promise<void> {
    const known = await db.topic.findFirst({ where: { key: topic, archivedAt: null } });
    if (!known || known.mandatory) return; //= return: yes  the page says muted, yet nothing was muted
    const prefs = await this.of(subscriberId);
    if (prefs.muted.includes(topic)) return; //= return: no  idempotent
    await this.#write(subscriberId, { ...prefs, muted: [...prefs.muted, topic] });
  }

  async applyImport(rows: AsyncIterable<{ email: string; muted?: string }>, workspaceId: string) {
    const workspace = await db.workspace.findUnique({ where: { id: workspaceId } });
    if (workspace?.preferencesLocked) return; //= return: yes  whole import ignored for a lock
    for await (const { email, muted } of rows) {
      const subscriber = await db.subscriber.findFirst({ where: { workspaceId, email } });
      if (!subscriber || !muted) continue;
      await this.#write(subscriber.id, { ...DEFAULTS, muted: muted.split('|') });
    }
  }

  async #write(subscriberId: string, prefs: Preferences) {
    try {
      await db.preference.upsert({ where: { subscriberId }, create: { subscriberId, data: prefs }, update: { data: prefs } });
    } catch (err) { //= catch: no  logged, then thrown on
      this.#log.error({ err, subscriberId }, 'preferences not saved'); //= no-double-report  logged as an error and rethrown
      throw err;
    }
    await cache.del(`prefs:${subscriberId}`);
    if (prefs.digest !== 'off') return; //= return: no  only a digest switched off needs the clean-up below
    const job = await queues.digest.getJob(subscriberId).catch(() => undefined); //= catch: yes  a scheduled digest goes out anyway
    await job?.remove();
  }

  async topics(subscriberId: string) {
    const [topics, prefs] = await Promise.all([db.topic.findMany({ where: { archivedAt: null } }), this.of(subscriberId)]);
    return topics.map((t: { key: string; title: string }) => ({ ...t, muted: prefs.muted.includes(t.key) }));
  }
}

export const preferences = new PreferenceStore();
