import { and, eq, isNull } from 'drizzle-orm';
import { db } from '../db/client';
import { comments, reports, viewers } from '../db/schema';
import { classify, ClassifierUnavailable } from '../clients/classifier';
import { log } from '../lib/log';
import { mail } from '../lib/mail';
import { redis } from '../lib/redis';

type Verdict = { action: 'allow' | 'hide' | 'review'; score: number };

export class ModerationService {
  private readonly logger = log.child({ service: 'moderation' });

  verdictOf(score: number, trusted: boolean): Verdict['action'] {
    if (trusted) return score > 0.98 ? 'review' : 'allow'; //= return: no  pure decision
    if (score >= 0.9) return 'hide'; //= return: no  pure decision
    if (score >= 0.6) return 'review'; //= return: no  pure decision
    return 'allow';
  }

  async screen(commentId: string): Promise<Verdict | null> {
    const comment = await db.query.comments.findFirst({ where: eq(comments.id, commentId), with: { author: true } });
    if (!comment) return null; //= return: yes  a comment that can't be found is published unscreened
    if (comment.author.role === 'staff') return { action: 'allow', score: 0 }; //= return: no  decision for staff, verdict in the value

    let score: number;
    try {
      score = await classify(comment.body);
    } catch (err) { //= catch: no  outage narrowed and logged, rest rethrown
      if (!(err instanceof ClassifierUnavailable)) throw err;
      this.logger.warn('classifier_unavailable', { err, commentId });
      return { action: 'review', score: -1 }; //= return: no  logged above, verdict in the value
    }
    const action = this.verdictOf(score, comment.author.trusted);
    if (action === 'allow') return { action, score }; //= return: no  verdict in the value
    await db.update(comments).set({ hiddenAt: action === 'hide' ? new Date() : null, needsReview: true }).where(eq(comments.id, commentId));
    this.logger.info('comment_flagged', { commentId, action, score });
    return { action, score };
  }

  async report(commentId: string, reporterId: string, text: string): Promise<void> {
    const reporter = await db.query.viewers.findFirst({ where: eq(viewers.id, reporterId) });
    if (!reporter || reporter.shadowBanned) return; //= return: yes  report is thrown away on purpose, yet support cannot see it
    const today = await redis.incr(`reports:${reporterId}:${new Date().toISOString().slice(0, 10)}`);
    if (today > 30) return; //= return: yes  report limit drops reports silently

    await db.insert(reports).values({ commentId, reporterId, text }).onConflictDoNothing();
    const open = await db.select().from(reports).where(and(eq(reports.commentId, commentId), isNull(reports.closedAt)));
    if (open.length < 3) return; //= return: no  threshold not reached yet, nothing to escalate
    await this.escalate(commentId, open.length);
  }

  private async escalate(commentId: string, count: number): Promise<void> {
    const moderator = await db.query.viewers.findFirst({ where: eq(viewers.role, 'moderator') });
    if (!moderator?.email) {
      return; //= return: yes  no moderator gets the escalated comment, nobody knows
    }
    try {
      await mail.send({ to: moderator.email, subject: `${count} reports`, text: `/moderation/${commentId}` });
    } catch (err) { //= catch: no  logged and rethrown
      this.logger.error('escalation_failed', { err, commentId }); //= no-double-report  logged as an error and rethrown
      throw err;
    }
  }

  async unhide(commentId: string, moderatorId: string): Promise<boolean> {
    const [row] = await db.update(comments).set({ hiddenAt: null, needsReview: false }).where(eq(comments.id, commentId)).returning();
    if (!row) return false; //= return: maybe  the false reaches a controller that may answer 404
    await db.update(reports).set({ closedAt: new Date(), closedBy: moderatorId }).where(eq(reports.commentId, commentId));
    return true;
  }

  async appeal(commentId: string, viewerId: string, text: string): Promise<void> {
    const comment = await db.query.comments.findFirst({ where: eq(comments.id, commentId) });
    if (comment?.authorId !== viewerId) return; //= return: yes  an appeal for a foreign comment disappears, might be an attack or a bug
    if (!comment.hiddenAt) return; //= return: no  comment is visible, there is nothing to appeal
    const earlier = await redis.get(`appeal:${commentId}`);
    if (earlier) return; //= return: maybe  second appeal is ignored, idempotent yet invisible to its author
    await db.insert(reports).values({ commentId, reporterId: viewerId, text: `appeal: ${text}` });
    await redis.set(`appeal:${commentId}`, '1', 'EX', 30 * 86400);
  }
}
