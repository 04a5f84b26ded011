import { inflateRawSync } from "node:zlib";

/**
 * @typedef {{ channel: number, metric: string, value: number, unit?: string, at: number }} Reading
 */

const KINDS = new Map([
    [0x67, { metric: "temperature", unit: "Cel", size: 2, scale: 0.1, signed: true }],
    [0x68, { metric: "humidity", unit: "%", size: 1, scale: 0.5, signed: false }],
    [0x73, { metric: "pressure", unit: "hPa", size: 2, scale: 0.1, signed: false }],
    [0x02, { metric: "analog", unit: "V", size: 2, scale: 0.01, signed: true }],
]);

/** @param {Buffer} payload */
export function inflate(payload) {
    if (payload[0] !== 0xc5) return payload; //= return: no  decoder, not compressed
    try {
        return inflateRawSync(payload.subarray(1)); //= return: no  decoder
    } catch { //= catch: no  decode probe, null told to the caller
        return null; //= return: no  decoder
    }
}

/**
 * @param {Buffer} payload
 * @param {number} at
 * @returns {Reading[] | null}
 */
export function parseReadings(payload, at) {
    /** @type {Reading[]} */
    const readings = [];
    let i = 0;
    while (i + 2 <= payload.length) {
        const channel = payload[i];
        const kind = KINDS.get(payload[i + 1]);
        if (!kind) return null; //= return: no  parser
        i += 2;
        if (i + kind.size > payload.length) return null; //= return: no  parser
        const raw = kind.signed ? payload.readIntBE(i, kind.size) : payload.readUIntBE(i, kind.size);
        readings.push({ channel, metric: kind.metric, unit: kind.unit, value: raw * kind.scale, at });
        i += kind.size;
    }
    return readings;
}

/**
 * Device clocks drift and some start in 1970; anything far off is replaced by the time of arrival.
 * @param {number} claimed
 * @param {number} arrived
 */
export function saneTime(claimed, arrived) {
    if (!Number.isFinite(claimed)) return arrived; //= return: no  pure
    const drift = Math.abs(arrived - claimed);
    if (drift > 48 * 3600_000) return arrived; //= return: no  pure
    return claimed;
}

/** @param {Reading} r */
export function isPlausible({ metric, value }) {
    switch (metric) {
        case "temperature":
            return value > -60 && value < 125; //= return: no  predicate
        case "humidity":
            return value >= 0 && value <= 100; //= return: no  predicate
        default:
            return Number.isFinite(value); //= return: no  predicate
    }
}
