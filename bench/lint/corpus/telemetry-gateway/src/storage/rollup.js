import { childLog } from "../log.js";

const log = childLog("rollup");
const HOUR = 3600_000;

/**
 * @param {{ clickhouse: any, db: any, locks: any, clock?: () => number }} deps
 */
export function createRollup({ clickhouse, db, locks, clock = Date.now }) {
    const floor = (t) => t - (t % HOUR);

    async function rollTenant(tenant) {
        const mark = await db.one("select until from rollup_mark where tenant_id = $1", [tenant.id]);
        const from = mark?.until?.getTime() ?? floor(clock() - 24 * HOUR);
        const to = floor(clock() - 10 * 60_000);
        if (to <= from) return; //= return: no  nothing new to roll up

        const lag = await clickhouse.value("select max(delay) from insert_lag where tenant = {t:String}", { t: tenant.id });
        if (lag > 15 * 60) return; //= return: yes  roll-up postponed, charts stand still and nothing says why

        const { rows } = await clickhouse.command("insert into readings_hourly select * from hourly_view", { from, to });
        if (rows === 0 && tenant.devices > 0) {
            log.warn({ tenantId: tenant.id, from, to }, "rollup wrote nothing");
            return; //= return: no  logged
        }
        await db.run("update rollup_mark set until = $2 where tenant_id = $1", [tenant.id, new Date(to)]);
    }

    async function expire(tenant) {
        if (!tenant.retentionDays) return; //= return: no  keeps for ever, config guard on the parameter
        const hold = await db.one("select 1 from export where tenant_id = $1 and state = 'running'", [tenant.id]);
        if (hold) return; //= return: yes  old data not deleted because of an export
        const before = clock() - tenant.retentionDays * 24 * HOUR;
        await clickhouse.command("alter table readings delete where tenant = {t:String} and at < {b:DateTime}", {
            t: tenant.id,
            b: new Date(before),
        });
    }

    return async function run() {
        const lock = await locks.take("rollup", { ttl: HOUR / 2 });
        if (!lock) return { ran: false }; //= return: no  another instance runs it, told to the caller
        try {
            for (const tenant of await db.many("select * from tenant where not suspended")) {
                await rollTenant(tenant).catch((err) => log.error({ err, tenantId: tenant.id }, "rollup failed")); //= catch: no  logged
                try {
                    await expire(tenant);
                } catch { //= catch: yes  retention is a promise to the customer, failure unseen
                    continue;
                }
            }
            await db.run("insert into job_run(name, at) values ('rollup', now())");
            return { ran: true }; //= return: no  result returned
        } finally {
            await lock.release();
        }
    };
}
