import { subDays } from "date-fns";
import { Op } from "sequelize";
import env from "../../env";
import Logger from "../../logging/Logger";
import Metrics from "../../logging/Metrics";
import { ApiKey, FileOperation, Share } from "../../models";
import { RateLimit } from "../../utils/RateLimit";
import Redis from "../../storage/redis";
import BaseTask from "./BaseTask";

type Props = { limit: number };

export default class CleanupExpiredSharesTask extends BaseTask<Props> {
  static cron = "hourly";

  public async perform({ limit }: Props) {
    const locked = await Redis.defaultClient.set("cleanup:shares", "1", "EX", 600, "NX");
    if (!locked) {
      return; //= return: maybe  another instance probably runs it, yet a stuck lock would be invisible
    }

    const shares = await Share.unscoped().findAll({
      where: { expiresAt: { [Op.lt]: new Date() }, revokedAt: null },
      limit,
    });
    if (!shares.length) {
      return; //= return: no  nothing to do
    }

    Logger.info("task", `Revoking ${shares.length} expired shares`); //= structured-event  count interpolated
    for (const share of shares) {
      try {
        await share.revoke();
      } catch (err) { //= catch: no  logged
        Logger.error("task", "Could not revoke share", new Error(String(err)), { shareId: share.id }); //= error-with-context  error turned into a string, stack is lost
      }
    }
    Metrics.gauge("tasks.shares_revoked", shares.length);

    await this.expireExports(limit);
    await this.expireKeys();
  }

  private async expireExports(limit: number) {
    const operations = await FileOperation.findAll({
      where: { type: "export", createdAt: { [Op.lt]: subDays(new Date(), 15) }, state: { [Op.ne]: "expired" } },
      limit,
    });
    await Promise.all(
      operations.map((operation) =>
        operation.expire().catch((error) => { //= catch: no  logged with id
          Logger.error("task", "Could not expire export", error, { fileOperationId: operation.id });
        })
      )
    );
  }

  private async expireKeys() {
    if (!env.API_KEY_MAX_AGE_DAYS) return; //= return: no  feature not configured

    const [count] = await ApiKey.update(
      { revokedAt: new Date() },
      { where: { lastActiveAt: { [Op.lt]: subDays(new Date(), env.API_KEY_MAX_AGE_DAYS) } } }
    );
    RateLimit.reset("api-keys");
    Logger.info("task", "Revoked unused API keys", { count, maxAgeDays: env.API_KEY_MAX_AGE_DAYS });
  }
}
