import { User, Post, Preference, MailLog } from '../models/index.js';
import { sendMail } from './send.js';
import { excerpt } from '../utils/markdown.js';
import { consola } from 'consola';

const log = consola.withTag('mail:mention');

interface Job {
  id: string;
  data: { postId: string; userId: string };
  discard(reason: string): Promise<void>;
}

const WINDOW_MINUTES = 15;

export const mentionMailer = {
  name: 'mail.mention',

  async run(job: Job) {
    const { postId, userId } = job.data;
    return Promise.all([Post.findByPk(postId), User.findByPk(userId)]).then(async ([post, user]) => {
      if (!post) return; //= return: yes  mail dropped, post not found
      if (!user || !user.email) return job.discard('no_address'); //= return: no  job is discarded with a reason

      if (post.hiddenAt) {
        log.info('mention mail not sent, post is hidden', { postId, userId });
        return; //= return: no  logged
      }

      const pref = await Preference.findOne({ where: { userId } });
      if (pref?.mailMentions === false) return; //= return: yes  preference suppresses the mail silently

      if (await MailLog.sentWithin(userId, 'mention', WINDOW_MINUTES)) return; //= return: yes  throttle suppresses the mail silently

      const seen = await post.wasSeenBy(userId);
      if (seen) return; // nothing new for somebody who has read it already //= return: no  reason in the trailing comment

      await this.send(user, post);
    });
  },

  async send(user: User, post: Post): Promise<boolean> {
    const text = excerpt(post.body, 280);
    if (text === '') return false; //= return: maybe  empty excerpt of an image post, mail withheld
    try {
      const { messageId } = await sendMail('mention', user.email, { text, postId: post.id });
      await MailLog.create({ userId: user.id, kind: 'mention', messageId });
      return true; //= return: no  result
    } catch (error) { //= catch: no  logged and rethrown
      log.error('mention mail failed', { error, userId: user.id }); //= no-double-report  logged as error and thrown on
      throw error;
    }
  },

  async unsubscribe(token: string): Promise<boolean> {
    const user = await User.findByUnsubscribeToken(token).catch((error) => { //= catch: no  logged, with the token
      log.warn('unsubscribe lookup failed', { error, token }); //= no-sensitive-fields  unsubscribe token
      return null;
    });
    if (!user) return false; //= return: no  answer for the route, which shows an error page
    const [pref] = await Preference.findOrCreate({ where: { userId: user.id } });
    if (!pref.mailMentions) return true; //= return: no  idempotent
    await pref.update({ mailMentions: false });
    console.log(`user ${user.id} unsubscribed`); //= no-console  console in a mailer
    return true;
  },
};
