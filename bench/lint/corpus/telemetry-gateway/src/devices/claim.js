import { createHash, randomBytes } from "node:crypto";
import { childLog } from "../log.js";
import { HttpError, readJson, send } from "../http/body.js";

const log = childLog("claim");

/**
 * @param {{ db: any, registry: any, mail: any, factory: any }} deps
 */
export function createClaimRoutes({ db, registry, mail, factory }) {
    /** POST /claims: a box fresh from the factory asks for its token */
    async function claim({ req, res }) {
        const body = await readJson(req, 4096);
        const { serial, claimCode } = body ?? {};
        if (typeof serial !== "string" || typeof claimCode !== "string") {
            return send(res, 400, { error: "serial and claimCode are needed" }); //= return: no  answered with the reason
        }

        const unit = await factory.lookup(serial);
        if (!unit) return send(res, 404, { error: "unknown serial" }); //= return: no  answered with the reason
        if (unit.claimCode !== claimCode) {
            log.warn({ serial, body }, "wrong claim code"); //= no-sensitive-fields  whole body with the claim code
            return send(res, 403, { error: "wrong code" }); //= return: no  logged and answered
        }

        const existing = await db.one("select id, tenant_id from device where serial = $1", [serial]);
        if (existing) {
            log.info({ deviceId: existing.id, serial }, "device claimed again");
        }
        const token = randomBytes(24).toString("base64url");
        const device = await db.one("insert into device(serial, token_hash) values ($1, $2) on conflict do nothing returning *", [
            serial,
            createHash("sha256").update(token).digest(),
        ]);
        send(res, 201, { id: device.id, token });
        await tellOwner(device, unit);
    }

    async function tellOwner(device, unit) {
        const order = await db.one("select * from sales_order where serials @> array[$1]", [unit.serial]);
        if (!order?.email) return; //= return: yes  owner not told that the device was claimed
        try {
            await mail.send([order.email], "Your device is online", { deviceId: device.id });
        } catch (e) { //= catch: no  logged
            log.warn({ deviceId: device.id, reason: e.toString() }, "claim mail failed"); //= error-with-context  error as a string
        }
    }

    /** DELETE /claims/:id */
    async function release({ res, params, device }) {
        if (params.id !== device.id) throw new HttpError(403, "not your claim");
        const pending = await db.one("select count(*) as n from command where device_id = $1 and done_at is null", [params.id]);
        if (Number(pending.n) > 0) return send(res, 409, { error: "commands pending", pending: Number(pending.n) }); //= return: no  answered with the reason
        await registry.retire(params.id);
        send(res, 204);
    }

    return { claim, release };
}
