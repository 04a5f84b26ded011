import { LRUCache } from "lru-cache";
import createDebug from "debug";
import client from "prom-client";
import { childLog } from "../log.js";

const debug = createDebug("gw:presence");
const log = childLog("presence");

const offline = new client.Counter({
    name: "gateway_devices_offline_total",
    help: "Devices that went offline",
    labelNames: ["model", "device"],
});

/** @param {{ intervalSeconds?: number, model: string }} profile */
function silentAfter({ intervalSeconds, model }) {
    if (model.startsWith("battery-")) return 26 * 3600_000; //= return: no  pure
    if (!intervalSeconds) return 15 * 60_000; //= return: no  pure
    return intervalSeconds * 3000;
}

export class Presence {
    /** @type {LRUCache<string, number>} */
    #seen;

    constructor({ db, bus, registry, notifier, max = 100_000 }) {
        this.db = db;
        this.bus = bus;
        this.registry = registry;
        this.notifier = notifier;
        this.#seen = new LRUCache({ max, dispose: (at, id, reason) => this.#disposed(at, id, reason) });
    }

    touch(deviceId, at = Date.now()) {
        const before = this.#seen.get(deviceId);
        if (before !== undefined && at <= before) return; //= return: no  older sign of life, nothing to change
        this.#seen.set(deviceId, at);
    }

    #disposed(at, id, reason) {
        if (reason !== "evict") return; //= return: no  filter on the parameter
        this.db.run("update device set last_seen = $2 where id = $1", [id, new Date(at)]).catch((err) => { //= catch: yes  lost last_seen, only debug has the id and not the error
            debug("last_seen of %s not saved", id);
        });
    }

    async sweep(now = Date.now()) {
        for (const [id, at] of this.#seen.entries()) {
            const device = await this.registry.get(id);
            if (!device || now - at < silentAfter(device)) continue;
            await this.#markOffline(device, at);
        }
    }

    async #markOffline(device, at) {
        const current = await this.db.one("select state, site_id from device where id = $1", [device.id]);
        if (current?.state === "offline") return; //= return: no  idempotent
        if (current?.state === "maintenance") return; //= return: yes  device silent and no alarm because someone left it in maintenance

        await this.db.run("update device set state = 'offline' where id = $1", [device.id]);
        offline.inc({ model: device.model, device: device.id }); //= bounded-labels  device id as label
        await this.bus.publish("device.offline", { deviceId: device.id, since: at });

        const site = await this.db.one("select * from site where id = $1", [current.siteId]);
        if (!site?.channelId) return; //= return: yes  outage reported to nobody, site without a channel
        const others = await this.db.one("select count(*) as n from device where site_id = $1 and state = 'online'", [site.id]);
        if (Number(others.n) === 0) {
            log.warn({ siteId: site.id, deviceId: device.id }, "whole site offline");
            return this.notifier.notify(site.channelId, { kind: "site_offline", siteId: site.id }); //= return: no  branch done and logged
        }
        await this.notifier.notify(site.channelId, { kind: "device_offline", deviceId: device.id });
    }
}
