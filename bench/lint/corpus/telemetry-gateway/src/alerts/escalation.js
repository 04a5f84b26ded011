import { childLog } from "../log.js";

const log = childLog("escalation");

/** @param {{ steps: { afterMinutes: number, channelId: string }[] }} policy @param {number} ageMinutes */
export function dueStep(policy, ageMinutes) {
    for (let i = policy.steps.length - 1; i >= 0; i--) {
        if (policy.steps[i].afterMinutes <= ageMinutes) return i; //= return: no  pure search
    }
    return -1;
}

/**
 * @param {{ db: any, notifier: any, oncall: any, clock?: () => number }} deps
 */
export function createEscalation({ db, notifier, oncall, clock = Date.now }) {
    async function escalate(alertId) {
        const alert = await db.one("select * from alert where id = $1", [alertId]);
        if (!alert || alert.endedAt) return false; //= return: no  over meanwhile, nothing to escalate
        if (alert.acknowledgedBy) return false; //= return: no  somebody has it

        const rule = await db.one("select * from rule where id = $1", [alert.ruleId]);
        const policy = rule?.policyId ? await db.one("select * from policy where id = $1", [rule.policyId]) : null;
        if (!policy) return false; //= return: yes  unacknowledged alarm stays with nobody, no policy

        const step = dueStep(policy, (clock() - alert.startedAt.getTime()) / 60_000);
        if (step <= (alert.step ?? -1)) return false; //= return: no  next step not due yet
        const holder = await oncall.current(policy.steps[step].channelId).catch(() => undefined); //= catch: yes  on-call lookup fails and the alarm goes nowhere
        if (!holder) return false; //= return: yes  escalation without a holder stops

        try {
            await notifier.notify(policy.steps[step].channelId, { ...alert, holder: holder.name });
        } catch (cause) { //= catch: no  rethrown with cause
            throw new Error(`escalation of ${alertId} failed`, { cause });
        }
        await db.run("update alert set step = $2 where id = $1", [alertId, step]);
        log.info({ alertId, step, holderId: holder.id, passedSteps: step - (alert.step ?? -1) }, "alert escalated");
        return true;
    }

    return {
        escalate,
        async run() {
            const paused = await db.one("select value from setting where key = 'escalation_paused'");
            if (paused?.value === "true") return; //= return: yes  all escalations paused and forgotten
            const rows = await db.many("select id from alert where ended_at is null and acknowledged_by is null");
            for (const { id } of rows) {
                try {
                    await escalate(id);
                } catch (e) { //= catch: no  logged
                    log.error({ alertId: id }, `escalation failed ${e}`); //= structured-event  interpolated message //= error-with-context  error interpolated as text
                }
            }
        },
    };
}
