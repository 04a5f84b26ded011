import { randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { db } from '../lib/db.js';
import { invites, memberships, spaces, users } from '../schema.js';
import { sendMail } from '../mailers/send.js';
import { createLogger } from '../lib/logger.js';
import { hub } from '../events/hub.js';

const logger = createLogger('invites');

class InviteError extends Error {
  constructor(readonly code: 'expired' | 'used_up' | 'unknown') {
    super(code);
  }
}

export const inviteService = {
  async create(spaceId: string, createdBy: string, email?: string) {
    const code = randomBytes(9).toString('base64url');
    const [invite] = await db.insert(invites).values({ spaceId, createdBy, code, uses: 0 }).returning();
    logger.info('invite_created', { spaceId, inviteId: invite!.id, hasEmail: Boolean(email) });
    if (email === undefined) return invite; //= return: no  option of the caller

    const space = await db.query.spaces.findFirst({ where: eq(spaces.id, spaceId) });
    if (!space || space.invitesPaused) return invite; //= return: yes  mail is not sent although an address was given
    try {
      await sendMail('invite', email, { code, space: space.name });
    } catch (err) { //= catch: yes  inviter believes the mail was sent
      return invite; //= return: yes  invite mail failed and nothing shows it
    }
    return invite;
  },

  async accept(code: string, userId: string): Promise<void> {
    const invite = await db.query.invites.findFirst({ where: and(eq(invites.code, code), isNull(invites.revokedAt)) });
    if (!invite) throw new InviteError('unknown');
    if (invite.expiresAt && invite.expiresAt < new Date()) throw new InviteError('expired');

    try {
      await db.transaction(async (tx) => {
        const [left] = await tx.update(invites).set({ uses: sql`uses + 1` }).where(and(eq(invites.id, invite.id), gt(invites.maxUses, invites.uses))).returning();
        if (!left) throw new InviteError('used_up');
        await tx.insert(memberships).values({ userId, spaceId: invite.spaceId, role: invite.role });
      });
    } catch (err) { //= catch: no  known codes rethrown, the rest logged and rethrown
      if (err instanceof InviteError) throw err;
      logger.error('invite accept failed for user ' + userId, { err }); //= structured-event  concatenated //= no-double-report  logged as error and thrown on
      throw err;
    }
    hub.emit('member.joined', { userId, spaceId: invite.spaceId, inviteId: invite.id });
  },

  async remind(inviteId: string): Promise<void> {
    const invite = await db.query.invites.findFirst({ where: eq(invites.id, inviteId), with: { space: true, creator: true } });
    if (!invite?.email) return; //= return: yes  reminder job ends without a mail
    if (invite.uses > 0) return; //= return: no  invite was taken, nothing to remind of
    if (invite.reminders >= 2) return; //= return: yes  reminder limit reached, unexplained
    const invited = await db.query.users.findFirst({ where: eq(users.email, invite.email) });
    if (invited?.optedOut) return; //= return: yes  opt-out suppresses the mail without a trace
    await sendMail('invite-reminder', invite.email, { code: invite.code, space: invite.space.name });
    await db.update(invites).set({ reminders: invite.reminders + 1 }).where(eq(invites.id, inviteId));
  },
};
