import createDebug from "debug";
import semver from "semver";
import { childLog } from "../log.js";
import { FrameType } from "../protocol/frame.js";

const log = childLog("firmware");
const debug = createDebug("gw:ota");

/**
 * @param {{ db: any, registry: import("./registry.js").Registry, hub: import("../sockets/hub.js").Hub, images: any }} deps
 */
export function createFirmwareService({ db, registry, hub, images }) {
    /** @param {string} deviceId @param {number} battery */
    async function offerUpdate(deviceId, battery) {
        const device = await registry.get(deviceId);
        if (!device) return; //= return: yes  no update offered, unknown device

        const rollout = await db.one("select * from rollout where model = $1 and state = 'active'", [device.model]);
        if (!rollout) return; //= return: no  no active roll-out, ordinary case
        if (!semver.valid(device.firmware)) return; //= return: yes  device with odd version string never gets updates
        if (semver.gte(device.firmware, rollout.version)) return; //= return: no  up to date

        if (bucket(deviceId) >= rollout.percent) return; //= return: no  staged roll-out, its turn comes later
        if (battery < 30) {
            debug("%s: battery %d%%, later", deviceId, battery);
            return; //= return: no  said through debug
        }

        const tried = await db.one("select count(*) as n from ota_attempt where device_id = $1 and rollout_id = $2", [
            deviceId,
            rollout.id,
        ]);
        if (tried.n >= 3) return; //= return: yes  gives up on the device for this roll-out

        const image = await images.describe(device.model, rollout.version);
        if (!image?.sha256) return; //= return: yes  roll-out without an image, every device silently skipped

        await db.run("insert into ota_attempt(device_id, rollout_id) values ($1, $2)", [deviceId, rollout.id]);
        await hub.send(deviceId, FrameType.COMMAND, { op: "ota", url: image.url, sha256: image.sha256 });
        log.info({ deviceId, version: rollout.version, attempt: tried.n + 1 }, "firmware update offered");
    }

    /** @param {string} deviceId @param {{ version: string, ok: boolean, detail?: string }} result */
    async function onResult(deviceId, result) {
        const open = await db.one("select * from ota_attempt where device_id = $1 and ended_at is null", [deviceId]);
        if (!open) return; //= return: maybe  a late or repeated result, or one nobody asked for
        await db.run("update ota_attempt set ended_at = now(), ok = $2 where id = $1", [open.id, result.ok]);
        if (result.ok) return registry.report(deviceId, { firmware: result.version }); //= return: no  branch done

        log.warn({ deviceId, attemptId: open.id, detail: result.detail }, "firmware update failed");
        const { failed, total } = await db.one("select * from rollout_stats where rollout_id = $1", [open.rolloutId]);
        if (total < 50 || failed / total < 0.1) return; //= return: no  below the threshold
        await db.run("update rollout set state = 'paused' where id = $1", [open.rolloutId]);
        log.error({ rolloutId: open.rolloutId, failed, total }, "rollout paused");
    }

    return { offerUpdate, onResult };
}

/** @param {string} id */
function bucket(id) {
    let h = 2166136261;
    for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 16777619);
    return (h >>> 0) % 100;
}
