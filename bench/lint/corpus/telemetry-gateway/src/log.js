import pino from "pino";

const pretty = process.stdout.isTTY && process.env.NODE_ENV !== "production";

/** @type {import("pino").Logger} */
export const root = pino({
    level: process.env.LOG_LEVEL || "info",
    base: { service: "telemetry-gateway", instance: process.env.HOSTNAME },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ["*.psk", "*.claimCode"], censor: "[gone]" },
    serializers: {
        err: pino.stdSerializers.err,
        device: serialiseDevice,
    },
    transport: pretty ? { target: "pino-pretty" } : undefined,
});

/**
 * @param {unknown} device
 */
function serialiseDevice(device) {
    if (!device || typeof device !== "object") return device; //= return: no  serialiser
    const { id, model, firmware } = /** @type {any} */ (device);
    return { id, model, firmware };
}

/**
 * @param {string} module
 * @param {Record<string, unknown>} [bindings]
 */
export function childLog(module, bindings) {
    return root.child({ module, ...bindings });
}

/**
 * Lets at most one line per key and interval through, for things that repeat at frame rate.
 * @param {number} intervalMs
 */
export function throttle(intervalMs) {
    /** @type {Map<string, number>} */
    const last = new Map();
    return function allow(/** @type {string} */ key) {
        const now = Date.now();
        const at = last.get(key);
        if (at !== undefined && now - at < intervalMs) return false; //= return: no  predicate
        last.set(key, now);
        if (last.size > 10_000) last.clear();
        return true;
    };
}
