import { LRUCache } from "lru-cache";
import createDebug from "debug";
import { childLog } from "../log.js";

const debug = createDebug("gw:alerts");
const log = childLog("alerts");

/**
 * @typedef {{ id: string, metric: string, op: ">" | "<", threshold: number, holdSeconds: number, channel: string, groups: string[], mutedUntil?: Date }} Rule
 */

/** @param {Rule} rule @param {number} value */
function breaches({ op, threshold }, value) {
    if (op === ">") return value > threshold; //= return: no  predicate
    return value < threshold;
}

export class Evaluator {
    /** @type {LRUCache<string, number>} */
    #since = new LRUCache({ max: 200_000, ttl: 24 * 3600_000 });

    /** @param {{ db: any, notifier: any, calendar: any, clock?: () => number }} deps */
    constructor({ db, notifier, calendar, clock = Date.now }) {
        Object.assign(this, { db, notifier, calendar, clock });
    }

    async evaluate(device, readings) {
        if (readings.length === 0) return; //= return: no  empty parameter
        const rules = await this.db.many("select * from rule where tenant_id = $1 and enabled", [device.tenantId]);
        if (!rules.length) return; //= return: no  tenant has no rules
        for (const rule of rules) {
            if (!rule.groups.some((g) => device.groups.includes(g))) continue;
            const reading = readings.findLast((r) => r.metric === rule.metric);
            if (reading) await this.#apply(rule, device, reading);
        }
    }

    async #apply(rule, device, reading) {
        const key = `${rule.id}/${device.id}`;
        if (!breaches(rule, reading.value)) {
            this.#since.delete(key);
            return this.#clear(rule, device); //= return: no  branch done
        }

        const now = this.clock();
        const since = this.#since.get(key) ?? now;
        this.#since.set(key, since);
        if (now - since < rule.holdSeconds * 1000) return; //= return: no  hold time of the rule not over yet

        const active = await this.db.one("select id from alert where rule_id = $1 and device_id = $2 and ended_at is null", [
            rule.id,
            device.id,
        ]);
        if (active) return; //= return: no  already raised, idempotent

        if (rule.mutedUntil && rule.mutedUntil.getTime() > now) return; //= return: yes  why did nobody get the alarm

        const window = await this.calendar.maintenanceAt(device.tenantId, now);
        if (window) {
            debug("%s suppressed by maintenance %s", key, window.id);
            return; //= return: no  said through debug
        }

        const alert = await this.db.one("insert into alert(rule_id, device_id, value) values ($1, $2, $3) returning *", [
            rule.id,
            device.id,
            reading.value,
        ]);
        log.info({ alertId: alert.id, ruleId: rule.id, deviceId: device.id, value: reading.value }, "alert raised");
        await this.notifier.notify(rule.channel, alert);
    }

    async #clear(rule, device) {
        const ended = await this.db.one("update alert set ended_at = now() where rule_id = $1 and device_id = $2 returning *", [
            rule.id,
            device.id,
        ]);
        if (!ended) return; //= return: no  no alert was active
        await this.notifier.resolve(rule.channel, ended).catch(() => {}); //= catch: yes  all-clear lost, on-call stays paged
    }
}
