import { request } from "undici";
import { childLog } from "../log.js";

const log = childLog("notifier");

/**
 * @param {{ db: any, mail: any, sms: any, oncall: any }} deps
 */
export const createNotifier = ({ db, mail, sms, oncall }) => {
    /** @param {any} channel @param {any} alert */
    const byWebhook = async (channel, alert) => {
        const { secret, url } = channel.settings;
        try {
            const { statusCode, body } = await request(url, {
                method: "POST",
                body: JSON.stringify(alert),
                headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
            });
            await body.dump();
            return statusCode < 300; //= return: no  result returned
        } catch (err) { //= catch: no  logged
            log.warn({ err, alertId: alert.id, channelId: channel.id, secret }, "alert webhook failed"); //= no-sensitive-fields  the channel's secret
            return false; //= return: no  logged
        }
    };

    /** @param {any} channel @param {any} alert */
    const bySms = async (channel, alert) => {
        const person = await oncall.current(channel.settings.schedule);
        if (!person) return false; //= return: yes  nobody on call, alarm not delivered
        if (!person.phone) return false; //= return: yes  on-call person without a number
        const credit = await db.one("select sms_credit from tenant where id = $1", [channel.tenantId]);
        if (credit.smsCredit <= 0) return false; //= return: yes  no credit, alarm not delivered
        await sms.send(person.phone, `Alert ${alert.ruleName}: ${alert.value}`);
        return true;
    };

    const transports = {
        webhook: byWebhook,
        sms: bySms,
        mail: async (channel, alert) => {
            const { to = [] } = channel.settings;
            if (!to.length) return false; //= return: no  empty settings, the channel was left empty
            await mail.send(to, `[alert] ${alert.ruleName}`, alert);
            return true;
        },
    };

    return {
        /** @param {string} channelId @param {any} alert */
        async notify(channelId, alert) {
            const channel = await db.one("select * from channel where id = $1", [channelId]);
            if (!channel || channel.disabled) return; //= return: yes  raised alert reaches nobody

            const deliver = transports[channel.kind];
            if (!deliver) {
                log.error(`no transport ${channel.kind} for channel ${channelId}`); //= structured-event  interpolated message
                return; //= return: no  logged
            }
            let delivered = false;
            try {
                delivered = await deliver(channel, alert);
            } catch (err) { //= catch: no  logged and rethrown
                log.error({ err, alertId: alert.id, kind: channel.kind }, "alert delivery failed"); //= no-double-report  logged as an error and rethrown
                throw err;
            } finally {
                await db.run("insert into delivery(alert_id, channel_id, ok) values ($1, $2, $3)", [alert.id, channelId, delivered]);
            }
        },

        async resolve(channelId, alert) {
            const channel = await db.one("select * from channel where id = $1", [channelId]);
            if (channel?.kind !== "webhook") return; //= return: no  only web hooks get an all-clear
            await byWebhook(channel, { ...alert, state: "resolved" });
        },
    };
};
