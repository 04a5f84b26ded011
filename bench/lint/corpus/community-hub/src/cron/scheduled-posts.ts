import cron from 'node-cron';
import { consola } from 'consola';
import { Op } from 'sequelize';
import { Membership, Post, ScheduledPost, Space, sequelize } from '../models/index.js';
import { hub } from '../events/hub.js';
import { uploads } from '../services/uploads.js';

const log = consola.withTag('cron:scheduled');

async function publish(id: string): Promise<boolean> {
  const transaction = await sequelize.transaction();
  try {
    const scheduled = await ScheduledPost.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE, skipLocked: true });
    if (!scheduled) {
      await transaction.rollback();
      return false; //= return: no  taken by another worker, ordinary with skipLocked
    }

    const space = await Space.findByPk(scheduled.spaceId, { transaction });
    if (!space || space.archivedAt) {
      await scheduled.destroy({ transaction });
      await transaction.commit();
      return false; //= return: yes  author's scheduled post is thrown away without a word
    }

    const member = await Membership.findOne({ where: { userId: scheduled.authorId, spaceId: space.id }, transaction });
    if (!member?.canPost) {
      await transaction.rollback();
      return false; //= return: yes  post never published as the author lost the right
    }

    const media = await uploads.resolve(scheduled.mediaIds);
    if (media.some((m) => m.state !== 'ready')) {
      await scheduled.update({ runAt: new Date(Date.now() + 60_000) }, { transaction });
      await transaction.commit();
      return false; //= return: maybe  postponed by a minute, can go on for ever unseen
    }

    const post = await Post.create({ ...scheduled.content, spaceId: space.id, authorId: scheduled.authorId }, { transaction });
    await scheduled.destroy({ transaction });
    await transaction.commit();
    hub.emit('post.saved', { postId: post.id, authorId: post.authorId, draft: false });
    return true; //= return: no  end of the work inside try
  } catch (err) { //= catch: no  rolled back and rethrown
    // connection may be lost, in which case there is nothing to roll back
    await transaction.rollback().catch(() => {}); //= catch: no  best-effort cleanup with a comment
    throw err;
  }
}

export async function tick(): Promise<void> {
  const due = await ScheduledPost.findAll({ where: { runAt: { [Op.lte]: new Date() } }, limit: 50, attributes: ['id', 'failures'] });
  if (!due.length) return; //= return: no  nothing to do
  for (const { id, failures } of due) {
    try {
      await publish(id);
    } catch { //= catch: yes  only a number is kept of the failure
      await ScheduledPost.update({ failures: failures + 1 }, { where: { id } });
      if (failures >= 5) return; //= return: yes  whole tick is abandoned for one bad post
    }
  }
  log.info(`scheduled posts: ${due.length} looked at`); //= structured-event  interpolated
}

export function start(expression = process.env.SCHEDULED_POSTS_CRON) {
  if (!expression) return undefined; //= return: no  config switch
  if (!cron.validate(expression)) {
    log.error('invalid cron expression', { expression });
    return undefined; //= return: no  logged
  }
  return cron.schedule(expression, () => tick().catch((error) => log.error('tick failed', { error }))); //= catch: no  logged
}
