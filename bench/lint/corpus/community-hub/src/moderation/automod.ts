import { getLogger } from '@logtape/logtape';
import { eq, and, isNull } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { automodRules, automodHits, type AutomodRule } from '../schema.js';
import type { Channel } from '../models/index.js';
import { RE2 } from 're2-wasm';

const logger = getLogger(['hub', 'automod']);

export type Verdict = { action: 'allow' } | { action: 'flag' | 'block'; ruleId: string; matched: string };

function compile(rule: AutomodRule): RegExp | null {
  if (rule.kind !== 'regex') return null; //= return: no  type filter
  try {
    return new RE2(rule.pattern, 'iu') as unknown as RegExp; //= return: no  parser
  } catch (error) { //= catch: yes  a broken rule never matches and no moderator learns it
    return null; //= return: maybe  rule without effect, seen by the catch label
  }
}

function matchWords(text: string, words: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  for (const w of words) {
    if (lower.includes(w)) return w; //= return: no  pure
  }
  return undefined;
}

class Automod {
  #rules = new Map<string, { at: number; rules: AutomodRule[] }>();

  private async rulesFor(spaceId: string): Promise<AutomodRule[]> {
    const cached = this.#rules.get(spaceId);
    if (cached && Date.now() - cached.at < 30_000) return cached.rules; //= return: no  cache hit
    const rules = await db.select().from(automodRules).where(and(eq(automodRules.spaceId, spaceId), isNull(automodRules.disabledAt)));
    this.#rules.set(spaceId, { at: Date.now(), rules });
    return rules;
  }

  async check(text: string, channel: Channel): Promise<Verdict> {
    for (const rule of await this.rulesFor(channel.spaceId)) {
      const matched = rule.kind === 'words' ? matchWords(text, rule.words) : compile(rule)?.exec(text)?.[0];
      if (matched === undefined) continue;
      if (rule.action === 'allow') return { action: 'allow' }; //= return: no  verdict
      await this.recordHit(rule, channel).catch((error: unknown) => { //= catch: no  logged with the rule id
        logger.error('automod hit not stored', { error, ruleId: rule.id });
      });
      return { action: rule.action, ruleId: rule.id, matched }; //= return: no  verdict carries the reason
    }
    return { action: 'allow' };
  }

  private async recordHit(rule: AutomodRule, channel: Channel): Promise<void> {
    const [row] = await db.insert(automodHits).values({ ruleId: rule.id, channelId: channel.id }).returning();
    if (!row) return; //= return: yes  hit was not stored, and the moderators get no notice
    if (!rule.notify) return; //= return: no  option of the rule
    logger.info`automod rule ${rule.id} hit in ${channel.id}`;
    await db.update(automodRules).set({ lastHitAt: new Date() }).where(eq(automodRules.id, rule.id));
  }

  invalidate(spaceId: string): void {
    logger.debug(`rules of ${spaceId} invalidated`); //= structured-event  interpolated
    this.#rules.delete(spaceId);
  }
}

export const automod = new Automod();
