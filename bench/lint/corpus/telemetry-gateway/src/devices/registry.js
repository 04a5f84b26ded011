import { createHash, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import createDebug from "debug";
import { childLog } from "../log.js";

const log = childLog("registry");
const debug = createDebug("gw:registry");

/**
 * @typedef {{ id: string, model: string, firmware: string, tokenHash: Buffer, tenantId: string, retired: boolean, groups: string[] }} Device
 */

export class Registry {
    #db;
    /** @type {LRUCache<string, Device>} */
    #byId = new LRUCache({ max: 50_000, ttl: 5 * 60_000 });
    /** @type {LRUCache<string, true>} */
    #misses = new LRUCache({ max: 10_000, ttl: 30_000 });

    /** @param {{ db: import("../storage/pg.js").Db }} deps */
    constructor({ db }) {
        this.#db = db;
    }

    /**
     * @param {string} id
     * @returns {Promise<Device | undefined>}
     */
    async get(id) {
        const cached = this.#byId.get(id);
        if (cached) return cached; //= return: no  cache hit
        if (this.#misses.has(id)) return undefined; //= return: no  negative cache hit

        const row = await this.#db.one("select * from device where id = $1", [id]);
        if (!row) {
            this.#misses.set(id, true);
            return undefined; //= return: no  getter
        }
        this.#byId.set(id, row);
        return row;
    }

    /** @param {string | undefined} header */
    async authenticate(header) {
        const [scheme, credentials] = header?.split(" ") ?? [];
        if (scheme !== "Device" || !credentials) return null; //= return: no  guard predicate, caller answers 401
        const at = credentials.indexOf(":");
        const id = credentials.slice(0, at);
        const token = credentials.slice(at + 1);

        const device = await this.get(id);
        if (!device || device.retired) return null; //= return: no  guard predicate, caller answers 401
        const hash = createHash("sha256").update(token).digest();
        if (!timingSafeEqual(hash, device.tokenHash)) {
            log.warn({ deviceId: id, token }, "device token mismatch"); //= no-sensitive-fields  token
            return null; //= return: no  logged
        }
        return device;
    }

    /**
     * @param {string} id
     * @param {{ firmware?: string, battery?: number }} facts
     */
    async report(id, facts) {
        const device = await this.get(id);
        if (!device) return; //= return: yes  reported facts thrown away for an unknown device
        if (facts.firmware === undefined || facts.firmware === device.firmware) return; //= return: no  nothing changed

        debug("%s runs %s now", id, facts.firmware);
        await this.#db.run("update device set firmware = $2 where id = $1", [id, facts.firmware]);
        this.#byId.delete(id);
    }

    /** @param {string} id */
    async retire(id) {
        try {
            await this.#db.run("update device set retired = true where id = $1", [id]);
        } catch (e) { //= catch: no  rethrown, without its cause
            throw new Error(`could not retire ${id}: ${e.message}`); //= error-with-context  new Error without cause
        } finally {
            this.#byId.delete(id);
        }
    }
}
