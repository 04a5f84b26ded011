import { LRUCache } from "lru-cache";
import { isDeepStrictEqual } from "node:util";
import { childLog } from "../log.js";
import { FrameType } from "../protocol/frame.js";

const log = childLog("shadow");

/** @param {Record<string, any>} desired @param {Record<string, any>} reported */
export function diff(desired, reported) {
    const delta = {};
    for (const [k, v] of Object.entries(desired)) {
        if (!isDeepStrictEqual(v, reported[k])) delta[k] = v;
    }
    return delta;
}

/** @param {{ db: any, hub: any, registry: any, bus: any }} deps */
export function createShadows({ db, hub, registry, bus }) {
    const versions = new LRUCache({ max: 20_000 });

    async function sync(deviceId) {
        const shadow = await db.one("select * from shadow where device_id = $1", [deviceId]);
        if (shadow == null) return; //= return: no  device without settings, ordinary case
        const delta = diff(shadow.desired, shadow.reported);
        if (Object.keys(delta).length === 0) return; //= return: no  in sync, nothing to do

        const device = await registry.get(deviceId);
        const schema = device && (await db.one("select * from settings_schema where model = $1", [device.model]));
        if (!schema) return; //= return: yes  settings never reach the device, no schema

        const unknown = Object.keys(delta).filter((k) => !(k in schema.keys));
        if (unknown.length) {
            log.warn({ deviceId, unknown }, "settings the model does not know");
            return; //= return: no  logged
        }
        const sent = await hub.send(deviceId, FrameType.COMMAND, { op: "settings", delta, version: shadow.version });
        if (!sent) return; //= return: no  offline, the next hello syncs again by design
        versions.set(deviceId, shadow.version);
        await db.run("update shadow set sent_at = now() where device_id = $1", [deviceId]);
    }

    async function onReported(deviceId, { version, settings }) {
        if (version !== undefined && version < (versions.get(deviceId) ?? 0)) return; //= return: maybe  stale report dropped, usually harmless
        try {
            await db.run("update shadow set reported = $2 where device_id = $1", [deviceId, settings]);
        } catch (err) { //= catch: yes  report lost and the sync event is sent all the same
            versions.delete(deviceId);
        }
        await bus.publish("device.settings_reported", { deviceId, version });
    }

    async function setDesired(deviceId, patch, actor) {
        const device = await registry.get(deviceId);
        if (!device) return { ok: false, reason: "unknown_device" }; //= return: no  carries the reason
        if (device.retired) return { ok: false, reason: "retired" }; //= return: no  carries the reason
        const { version } = await db.one("select patch_shadow($1, $2, $3) as version", [deviceId, patch, actor]);
        sync(deviceId).catch((err) => log.error({ err, deviceId, version }, "settings not pushed")); //= catch: no  logged
        return { ok: true, version };
    }

    return { sync, onReported, setDesired };
}
