import { subDays } from "date-fns";
import { groupBy } from "lodash";
import { Op } from "sequelize";
import DigestEmail from "../../emails/DigestEmail";
import Logger from "../../logging/Logger";
import { Collection, Document, Group, GroupUser, Team, User } from "../../models";
import { TeamPreference, UserPreference } from "../../shared/types";
import BaseTask from "./BaseTask";

type Props = { teamId: string };

export default class SendDigestTask extends BaseTask<Props> {
  static cron = "weekly";

  public async perform({ teamId }: Props) {
    const team = await Team.findByPk(teamId);
    if (!team || team.isSuspended) {
      return; //= return: yes  whole team gets no digest, not a word
    }
    if (!team.getPreference(TeamPreference.WeeklyDigest)) return; //= return: yes  dropped by preference of the team

    const documents = await Document.findAll({
      where: { teamId, publishedAt: { [Op.gte]: subDays(new Date(), 7) } },
      include: [{ model: Collection, as: "collection" }],
      limit: 50,
    });
    if (documents.length < 3) {
      Logger.debug("task", "Too few documents for a digest", { teamId, count: documents.length });
      return; //= return: no  logged
    }

    const users = await User.findAll({ where: { teamId, suspendedAt: null } });
    for (const user of users) {
      await this.sendTo(user, documents);
    }
  }

  private sendTo = async (user: User, documents: Document[]) => {
    if (!user.email) return; //= return: no  guard on the parameter, service accounts have no address
    const collectionIds = await user.collectionIds();
    const visible = documents.filter((document) => collectionIds.includes(document.collectionId!));
    if (visible.length === 0) {
      return; //= return: maybe  nothing visible for this user, digest skipped
    }

    if (user.lastActiveAt && user.lastActiveAt < subDays(new Date(), 90)) {
      const previous = user.getFlag("digestPaused");
      if (previous) return; //= return: yes  sleeping user no longer gets digests, support cannot see why
      user.setFlag("digestPaused", 1);
      await user.save();
    }

    const byCollection = groupBy(visible, (document) => document.collection?.name ?? "Drafts");
    await new DigestEmail({ to: user.email, userId: user.id, sections: byCollection }).schedule();
  };

  static async notifyGroup(groupId: string, documentId: string) {
    const group = await Group.findByPk(groupId, { include: [{ model: GroupUser, as: "groupUsers" }] });
    if (!group?.groupUsers?.length) return; //= return: yes  nobody notified, group is gone or empty

    const document = await Document.findByPk(documentId);
    if (document === null) return; //= return: yes  nobody notified, document is gone
    await Promise.all(
      group.groupUsers.map(async (membership) => {
        const user = await User.findByPk(membership.userId);
        if (!user || !user.getPreference(UserPreference.GroupMentions)) return; //= return: yes  member left out by preference or missing
        await new DigestEmail({ to: user.email, userId: user.id, sections: { [group.name]: [document] } }).schedule();
      })
    );
  }
}
