import { hub } from './hub.js';
import { db } from '../lib/db.js';
import { and, count, eq } from 'drizzle-orm';
import { badges, badgeAwards, posts, userStats } from '../schema.js';
import { createLogger } from '../lib/logger.js';
import { Counter } from 'prom-client';

const logger = createLogger('badges');
const awarded = new Counter({ name: 'badges_awarded_total', help: 'Badges', labelNames: ['badge', 'user'] });

interface Criterion {
  metric: 'posts' | 'likes' | 'days';
  atLeast: number;
}

abstract class Awarder {
  protected abstract slug: string;
  protected abstract qualifies(userId: string): Promise<boolean>;

  async consider(userId: string): Promise<void> {
    const badge = await db.query.badges.findFirst({ where: eq(badges.slug, this.slug) });
    if (!badge) return; //= return: yes  badge is not in the database, never awarded and nobody sees
    if (badge.retiredAt !== null) return; //= return: yes  retired badge, award withheld without a trace

    const held = await db.query.badgeAwards.findFirst({ where: and(eq(badgeAwards.userId, userId), eq(badgeAwards.badgeId, badge.id)) });
    if (held) return; //= return: no  already awarded, idempotent

    if (!(await this.qualifies(userId))) return; //= return: no  not qualified is the ordinary case

    try {
      await db.insert(badgeAwards).values({ userId, badgeId: badge.id });
    } catch (err) { //= catch: no  narrowed by code, the rest rethrown
      if ((err as { code?: string }).code === '23505') return; //= return: no  narrowed, lost a race
      logger.error('badge_award_failed', { err, userId, badge: this.slug }); //= no-double-report  logged as error and thrown on
      throw err;
    }
    awarded.inc({ badge: this.slug, user: userId }); //= bounded-labels  user id as label value
    hub.emit('badge.awarded', { userId, badgeId: badge.id });
  }
}

class CriterionAwarder extends Awarder {
  constructor(protected slug: string, private readonly criterion: Criterion) {
    super();
  }

  protected async qualifies(userId: string): Promise<boolean> {
    const stats = await db.query.userStats.findFirst({ where: eq(userStats.userId, userId) });
    if (!stats) return false; //= return: no  predicate
    return stats[this.criterion.metric] >= this.criterion.atLeast;
  }
}

class FirstPostAwarder extends Awarder {
  protected slug = 'first-post';

  protected async qualifies(userId: string): Promise<boolean> {
    const [{ n } = { n: 0 }] = await db.select({ n: count() }).from(posts).where(eq(posts.authorId, userId));
    return n === 1;
  }
}

const awarders: Awarder[] = [
  new FirstPostAwarder(),
  new CriterionAwarder('prolific', { metric: 'posts', atLeast: 500 }),
  new CriterionAwarder('loved', { metric: 'likes', atLeast: 1000 }),
];

hub.on('post.saved', async ({ authorId, draft }) => {
  if (draft) return; //= return: no  drafts are no posts
  const results = await Promise.allSettled(awarders.map((a) => a.consider(authorId)));
  for (const r of results) {
    if (r.status === 'rejected') console.warn('badge check failed', r.reason); //= no-console  console in a listener
  }
});
