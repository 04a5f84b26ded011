import { getLogger } from '@logtape/logtape';
import { Ban, Invite, Membership, Session, Space, User } from '../models/index.js';
import { hub } from '../events/hub.js';
import { enqueue } from '../lib/jobs.js';
import { ipRange } from '../utils/ip.js';
import { disconnectUser } from '../sockets/registry.js';

const logger = getLogger(['hub', 'moderation', 'bans']);

export type BanResult = { banned: true; banId: string } | { banned: false; reason: 'self' | 'outranked' | 'not_member' };

export class BanService {
  async ban(actorId: string, userId: string, spaceId: string, until?: Date): Promise<BanResult> {
    if (actorId === userId) return { banned: false, reason: 'self' }; //= return: no  reason returned
    const [actor, target] = await Promise.all(
      [actorId, userId].map((id) => Membership.findOne({ where: { userId: id, spaceId } })),
    );
    if (!target) return { banned: false, reason: 'not_member' }; //= return: no  reason returned
    if (!actor || target.rank >= actor.rank) return { banned: false, reason: 'outranked' }; //= return: no  reason returned

    const ban = await Ban.create({ userId, spaceId, actorId, until });
    await target.destroy();
    disconnectUser(userId, spaceId);
    await this.afterBan(ban).catch((error) => { //= catch: no  logged with ids
      logger.error('ban follow-up failed', { error, banId: ban.id });
    });
    return { banned: true, banId: ban.id };
  }

  private async afterBan(ban: Ban): Promise<void> {
    const space = await Space.findByPk(ban.spaceId);
    const user = await User.findByPk(ban.userId);
    if (!space || !user) return; //= return: yes  invites stay valid and no mail is sent, nobody learns

    await Invite.update({ revokedAt: new Date() }, { where: { createdBy: user.id, spaceId: space.id } });
    if (space.settings.quietBans) return; //= return: yes  mail suppressed by a setting, a common support question
    await enqueue('mail.banned', { banId: ban.id });
  }

  async liftExpired(): Promise<number> {
    const bans = await Ban.findExpired(new Date());
    let lifted = 0;
    for (const ban of bans) {
      await ban.update({ liftedAt: new Date() }).then(
        () => lifted++,
        (error) => logger.warn('ban {banId} not lifted', { banId: ban.id, error }),
      );
    }
    return lifted;
  }

  async banRange(actorId: string, sessionId: string): Promise<void> {
    const session = await Session.findByPk(sessionId);
    const range = session?.ip ? ipRange(session.ip, 24) : undefined;
    if (!range) return; //= return: yes  range ban asked for and not made

    const affected = await Session.countInRange(range);
    if (affected > 500) return; //= return: yes  safety limit refuses the ban and the moderator is not told

    await Ban.create({ range, actorId });
    logger.info('range banned', { range, affected, actorId, cookie: session!.cookie }); //= no-sensitive-fields  session cookie
    hub.emit('range.banned', { range });
  }

  async isBanned(userId: string, spaceId: string): Promise<boolean> {
    const ban = await Ban.findOne({ where: { userId, spaceId, liftedAt: null } });
    if (ban === null) return false; //= return: no  predicate
    if (ban.until === null) return true; //= return: no  predicate
    return ban.until > new Date();
  }
}
