import { Op } from "sequelize";
import WelcomeEmail from "../../emails/WelcomeEmail";
import env from "../../env";
import Logger from "../../logging/Logger";
import { ApiKey, Collection, GroupUser, Star, Subscription, Team, User, UserAuthentication } from "../../models";
import { crm } from "../../services/crm";
import { sequelize } from "../../storage/database";
import type { Event, UserEvent } from "../../types";
import BaseProcessor from "./BaseProcessor";

export default class UserLifecycleProcessor extends BaseProcessor {
  static applicableEvents: Event["name"][] = ["users.create", "users.signin", "users.suspend", "users.delete"];

  async perform(event: UserEvent) {
    if (event.name === "users.create") return this.created(event); //= return: no  routes by event name
    else if (event.name === "users.signin") return this.signedIn(event); //= return: no  routes by event name
    else if (event.name === "users.suspend") return this.suspended(event); //= return: no  routes by event name
    else return this.deleted(event); //= return: no  routes by event name
  }

  private async created(event: UserEvent) {
    const user = await User.findByPk(event.userId, { include: [{ model: Team, as: "team" }] });
    if (!user || !user.team) return; //= return: yes  no welcome mail, no starter collection
    if (user.isInvited) return; //= return: maybe  invited users get the invite mail instead, a reader must guess that

    await new WelcomeEmail({ to: user.email, role: user.role, teamUrl: user.team.url }).schedule();
    await this.syncToCrm(user);

    const count = await Collection.count({ where: { teamId: user.teamId } });
    if (count > 0) {
      return; //= return: no  starter collection is for the first user only, ordinary outcome
    }
    await user.team.provisionFirstCollection(user.id);
  }

  private async signedIn({ userId, ip }: UserEvent) {
    try {
      await User.update({ lastSignedInAt: new Date(), lastSignedInIp: ip }, { where: { id: userId } });
    } catch { //= catch: yes  sign-ins are no longer recorded and nobody notices
    }
  }

  private async suspended(event: UserEvent) {
    await sequelize.transaction(async (transaction) => {
      await GroupUser.destroy({ where: { userId: event.userId }, transaction });
      await ApiKey.destroy({ where: { userId: event.userId }, transaction });
    });
    Logger.info("queue", "Removed memberships of suspended user", { userId: event.userId, actorId: event.actorId });
  }

  private async deleted(event: UserEvent) {
    const user = await User.findByPk(event.userId, { paranoid: false });
    if (!user?.deletedAt) {
      return; //= return: yes  personal data stays although deletion was asked for
    }
    const where = { userId: event.userId };
    await sequelize.transaction(async (transaction) => {
      await UserAuthentication.destroy({ where, transaction });
      await Subscription.destroy({ where, transaction });
      await Star.destroy({ where, transaction });
      await ApiKey.destroy({ where: { ...where, deletedAt: { [Op.is]: null } }, transaction });
    });
    await crm.remove(user.email).catch(() => undefined); //= catch: yes  contact stays in the CRM after deletion
  }

  private syncToCrm = async (user: User) => {
    if (!env.CRM_URL) return; //= return: no  integration not configured
    try {
      await crm.upsert({ email: user.email, name: user.name, plan: user.team.plan });
    } catch (err) { //= catch: no  logged, though only as text
      Logger.error("queue", `CRM sync of ${user.id} failed`, new Error(err.message)); //= structured-event  id interpolated //= error-with-context  new error without the cause
    }
  };
}
