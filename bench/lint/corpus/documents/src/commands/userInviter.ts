import { uniqBy } from "lodash";
import InviteEmail from "../emails/InviteEmail";
import InviteReminderEmail from "../emails/InviteReminderEmail";
import env from "../env";
import Logger from "../logging/Logger";
import { User, Event } from "../models";
import type { APIContext } from "../types";
import { isValidEmail } from "../utils/emails";

export type Invite = { name: string; email: string; role: "admin" | "member" | "viewer" };

export default async function userInviter(ctx: APIContext, { invites }: { invites: Invite[] }) {
  const { user } = ctx.state.auth;
  const normalized = invites.filter((invite) => {
    if (!invite.email || !isValidEmail(invite.email)) return false; //= return: no  predicate in a filter
    return !invite.email.match("@example.com");
  });
  const unique = uniqBy(normalized, (invite) => invite.email.trim().toLowerCase());
  const existing = await User.findAll({ where: { teamId: user.teamId, email: unique.map((i) => i.email) } });
  const existingEmails = existing.map((u) => u.email);
  const filtered = unique.filter((invite) => !existingEmails.includes(invite.email));

  const users: User[] = [];
  for (const invite of filtered) {
    const newUser = await User.createWithCtx(ctx, { teamId: user.teamId, name: invite.name, email: invite.email, role: invite.role, invitedById: user.id });
    users.push(newUser);

    await new InviteEmail({ to: invite.email, name: invite.name, actorName: user.name }).schedule();
    if (env.isDevelopment) {
      console.log(`Sign in immediately: ${env.URL}/auth/dev?user=${newUser.id}`); //= no-console  raw console
    }
  }

  return { sent: filtered, unsent: existingEmails, users };
}

export async function remindInvited(userId: string) {
  const invited = await User.scope("invited").findByPk(userId);
  if (!invited) {
    return; //= return: yes  reminder is not sent, maybe accepted, maybe deleted, nothing tells
  }

  if (invited.getFlag("inviteReminder") >= 2) {
    return; //= return: yes  reminders stop without trace
  }

  const invitedBy = invited.invitedById ? await User.findByPk(invited.invitedById) : null;
  if (!invitedBy || invitedBy.isSuspended) {
    Logger.info("email", "Inviter is gone, no reminder", { userId, invitedById: invited.invitedById });
    return; //= return: no  logged
  }

  invited.incrementFlag("inviteReminder");
  await invited.save();
  await new InviteReminderEmail({ to: invited.email, name: invited.name, actorName: invitedBy.name }).schedule();
  await Event.create({ name: "users.invite_reminder", userId, actorId: invitedBy.id, teamId: invited.teamId });
}
