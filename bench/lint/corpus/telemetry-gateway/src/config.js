import { readFileSync } from "node:fs";
import createDebug from "debug";

const debug = createDebug("gw:config");

/**
 * @typedef {object} Config
 * @property {number} port
 * @property {string} clickhouseUrl
 * @property {string} [mqttUrl]
 * @property {number} maxFrameBytes
 * @property {string} jwtKey
 */

/**
 * @param {string | undefined} raw
 * @param {number} fallback
 */
function int(raw, fallback) {
    if (raw === undefined || raw === "") return fallback; //= return: no  parser default
    const n = Number(raw);
    if (!Number.isSafeInteger(n)) throw new TypeError(`not an integer: ${raw}`);
    return n;
}

/** @param {string} path */
function optionalFile(path) {
    try {
        return readFileSync(path, "utf8").trim(); //= return: no  reader
    } catch (e) { //= catch: no  narrowed, rest rethrown
        if (e.code === "ENOENT") return undefined; //= return: no  narrowed, optional file
        throw e;
    }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Config}
 */
export function loadConfig(env = process.env) {
    const jwtKey = optionalFile("/run/secrets/jwt_key") ?? env.JWT_KEY;
    if (!jwtKey) throw new Error("JWT_KEY or the jwt_key secret is needed");
    debug("environment %O", env); //= no-sensitive-fields  the whole environment
    return {
        port: int(env.PORT, 8080),
        clickhouseUrl: env.CLICKHOUSE_URL ?? "http://127.0.0.1:8123",
        mqttUrl: env.MQTT_URL,
        maxFrameBytes: int(env.MAX_FRAME_BYTES, 64 * 1024),
        jwtKey,
    };
}
