import { hub, type HubEvents } from './hub.js';
import { Block, Follow, Notification, Post, Preference, User } from '../models/index.js';
import { pushClient, PushGoneError } from '../lib/push.js';
import { enqueue } from '../lib/jobs.js';
import { createLogger } from '../lib/logger.js';

const logger = createLogger('notifications');

type Kind = 'reply' | 'follow' | 'reaction' | 'award';

interface Draft {
  kind: Kind;
  to: string;
  actorId?: string;
  postId?: string;
}

async function deliver(draft: Draft): Promise<void> {
  const { to, actorId, kind } = draft;
  if (to === actorId) return; //= return: no  own action

  const recipient = await User.findByPk(to);
  if (!recipient || recipient.suspendedAt) return; //= return: yes  notification dropped for missing or suspended user

  if (actorId && (await Block.count({ where: { blockerId: to, blockedId: actorId } })) > 0) return; //= return: yes  blocked actor, why no notification came can't be told

  const { push = true, mail = false, muted = [] } = (await Preference.findOne({ where: { userId: to } }))?.toJSON() ?? {};
  if (muted.includes(kind)) return; //= return: yes  kind is muted, silently

  const notification = await Notification.create({ ...draft, userId: to });
  if (mail) await enqueue('mail.notification', { notificationId: notification.id });
  if (!push || !recipient.pushToken) return; //= return: no  no push wanted or possible, notification is stored

  try {
    await pushClient.send(recipient.pushToken, { kind, id: notification.id });
  } catch (err) { //= catch: yes  everything but a gone token is dropped
    if (err instanceof PushGoneError) {
      await recipient.update({ pushToken: null });
      return; //= return: no  narrowed, branch forgot the token
    }
  }
}

const listeners: { [K in keyof HubEvents]?: (e: HubEvents[K]) => Promise<void> } = {
  'post.replied': async ({ postId, parentId }) => {
    const [post, parent] = await Promise.all([Post.findByPk(postId), Post.findByPk(parentId)]);
    if (post === null || parent === null) {
      return; //= return: yes  reply notice lost as a post is missing
    }
    if (parent.locked) return; //= return: yes  a lock on the parent suppresses the notice, nothing tells
    await deliver({ kind: 'reply', to: parent.authorId, actorId: post.authorId, postId });
  },

  'user.followed': async ({ followId }) => {
    const follow = await Follow.findByPk(followId);
    // unfollowed again before we got here
    if (!follow) return; //= return: no  reason in the comment
    await deliver({ kind: 'follow', to: follow.followeeId, actorId: follow.followerId });
  },

  'post.reacted': async ({ postId, userId, count }) => {
    if (![1, 10, 100, 1000].includes(count)) return; //= return: no  filter on milestones
    const post = await Post.findByPk(postId);
    if (!post?.authorId) return; //= return: yes  milestone unannounced because post or author is gone
    await deliver({ kind: 'reaction', to: post.authorId, actorId: userId, postId });
  },
};

for (const [name, listener] of Object.entries(listeners)) {
  hub.on(name as keyof HubEvents, (event: any) => {
    listener(event).catch((err: Error) => logger.error(`listener ${name} failed`, { reason: err.message })); //= catch: no  logged, though the message only //= structured-event  interpolated //= error-with-context  message only
  });
}
