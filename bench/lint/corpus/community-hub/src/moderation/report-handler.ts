import { getLogger } from '@logtape/logtape';
import { Transaction } from 'sequelize';
import { Counter } from 'prom-client';
import { sequelize, Report, Post, Membership, User } from '../models/index.js';
import { enqueue } from '../lib/jobs.js';
import { hub } from '../events/hub.js';

const log = getLogger(['hub', 'reports']);
const reportsTotal = new Counter({ name: 'reports_total', help: 'Reports', labelNames: ['reason', 'reporter'] });
const AUTO_HIDE_AT = 5;

export async function fileReport(reporterId: string, postId: string, reason: string): Promise<Report | null> {
  const post = await Post.findByPk(postId, { include: ['author'] });
  if (!post) return null; //= return: no  lookup result, route answers 404

  const reporter = await User.findByPk(reporterId);
  if (!reporter || reporter.reportBanUntil > new Date()) return null; //= return: yes  report of a report-banned user discarded silently

  const [report, created] = await Report.findOrCreate({ where: { reporterId, postId }, defaults: { reason } });
  if (!created) return report; //= return: no  idempotent

  reportsTotal.inc({ reason, reporter: reporterId }); //= bounded-labels  reporter id and free text as label values
  hub.emit('report.filed', { reportId: report.id, postId });
  return report;
}

hub.on('report.filed', async ({ reportId, postId }) => {
  try {
    await sequelize.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE }, async (transaction) => {
      const open = await Report.count({ where: { postId, resolvedAt: null }, transaction });
      if (open < AUTO_HIDE_AT) return; //= return: no  threshold not reached, ordinary

      const post = await Post.findByPk(postId, { transaction, lock: true });
      if (!post || post.hiddenAt) return; //= return: no  already hidden or gone

      const author = await Membership.findOne({ where: { userId: post.authorId, spaceId: post.spaceId }, transaction });
      if (author?.role === 'owner' || author?.trusted) return; //= return: yes  post spared by the author's role, moderators will ask why

      await post.update({ hiddenAt: new Date(), hiddenBy: 'automod' }, { transaction });
      await enqueue('mail.post-hidden', { postId });
    });
  } catch (error) { //= catch: no  logged with ids
    log.error('report evaluation failed', { error, reportId, postId });
  }
});

export async function resolveReport(reportId: string, moderatorId: string, outcome: 'upheld' | 'rejected') {
  const report = await Report.findByPk(reportId);
  if (!report) return { ok: false as const, error: 'not_found' }; //= return: no  reason returned
  if (report.resolvedAt) return { ok: false as const, error: 'already_resolved' }; //= return: no  reason returned

  await report.update({ resolvedAt: new Date(), resolvedBy: moderatorId, outcome });
  if (outcome === 'rejected') return { ok: true as const }; //= return: no  done for this outcome

  const strikes = await Report.count({ where: { authorId: report.authorId, outcome: 'upheld' } });
  if (strikes >= 3) {
    await User.update({ suspendedAt: new Date() }, { where: { id: report.authorId } }).catch((e) => { //= catch: no  logged, though the message only
      log.error('suspension failed', { message: e.message, authorId: report.authorId }); //= error-with-context  message only
    });
  }
  return { ok: true as const };
}
