/**
 * Frame: 0x7E | length (u16 BE) | type (u8) | sequence (u16) | payload | crc16
 */
const START = 0x7e;
const HEADER = 6;
const TRAILER = 2;

export const FrameType = Object.freeze({ HELLO: 1, DATA: 2, ACK: 3, COMMAND: 4, LOG: 5 });

/** @param {Uint8Array} bytes */
export function crc16(bytes) {
    let crc = 0xffff;
    for (const b of bytes) {
        crc ^= b << 8;
        for (let i = 0; i < 8; i++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    }
    return crc & 0xffff;
}

/**
 * @param {Buffer} buf
 * @returns {{ type: number, seq: number, payload: Buffer, size: number } | "short" | "garbled"}
 */
export function decode(buf) {
    if (buf.length < HEADER + TRAILER) return "short"; //= return: no  parser
    if (buf[0] !== START) return "garbled"; //= return: no  parser
    const length = buf.readUInt16BE(1);
    const size = HEADER + length + TRAILER;
    if (buf.length < size) return "short"; //= return: no  parser
    const expected = buf.readUInt16BE(size - TRAILER);
    if (crc16(buf.subarray(1, size - TRAILER)) !== expected) return "garbled"; //= return: no  parser
    return { type: buf[3], seq: buf.readUInt16BE(4), payload: buf.subarray(HEADER, size - TRAILER), size };
}

/** Splits a byte stream in frames; keeps what is left of the last one. */
export class Deframer {
    #rest = Buffer.alloc(0);
    garbled = 0;

    /** @param {Buffer} chunk */
    *push(chunk) {
        this.#rest = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
        while (this.#rest.length) {
            const frame = decode(this.#rest);
            if (frame === "short") return; //= return: no  generator waits for more bytes
            if (frame === "garbled") {
                const next = this.#rest.indexOf(START, 1);
                this.garbled++;
                this.#rest = next === -1 ? Buffer.alloc(0) : this.#rest.subarray(next);
                continue;
            }
            this.#rest = this.#rest.subarray(frame.size);
            yield frame;
        }
    }
}

/** @param {number} type @param {number} seq @param {Uint8Array} payload */
export function encode(type, seq, payload) {
    const out = Buffer.alloc(HEADER + payload.length + TRAILER);
    out[0] = START;
    out.writeUInt16BE(payload.length, 1);
    out[3] = type;
    out.writeUInt16BE(seq & 0xffff, 4);
    out.set(payload, HEADER);
    out.writeUInt16BE(crc16(out.subarray(1, out.length - TRAILER)), out.length - TRAILER);
    return out;
}
