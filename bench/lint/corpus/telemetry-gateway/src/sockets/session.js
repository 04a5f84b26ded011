import createDebug from "debug";
import { childLog, throttle } from "../log.js";
import { Deframer, FrameType, encode } from "../protocol/frame.js";
import { inflate, isPlausible, parseReadings, saneTime } from "../protocol/readings.js";

const wire = createDebug("gw:wire");
const allow = throttle(60_000);

export class Session {
    #deframer = new Deframer();
    #lastSeq = -1;
    #log;

    /**
     * @param {import("ws").WebSocket} socket
     * @param {import("../devices/registry.js").Device} device
     * @param {{ writer: any, registry: any, firmware: any, alerts: any, audit: any }} deps
     */
    constructor(socket, device, deps) {
        this.socket = socket;
        this.device = device;
        this.deps = deps;
        this.#log = childLog("session", { deviceId: device.id });
        socket.on("message", this.#onMessage);
        socket.on("error", (err) => this.#log.warn({ err }, "socket error"));
    }

    #onMessage = async (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) => {
        if (!isBinary) return; //= return: no  protocol filter on the parameter
        for (const frame of this.#deframer.push(data)) {
            wire("%s <- type=%d seq=%d %d bytes", this.device.id, frame.type, frame.seq, frame.payload.length);
            try {
                await this.#dispatch(frame);
            } catch (err) { //= catch: no  logged
                if (allow(this.device.id)) this.#log.error({ err, type: frame.type }, "frame failed");
            }
        }
    };

    /** @param {{ type: number, seq: number, payload: Buffer }} frame */
    async #dispatch(frame) {
        switch (frame.type) {
            case FrameType.HELLO:
                return this.#hello(frame); //= return: no  routing
            case FrameType.DATA:
                return this.#data(frame); //= return: no  routing
            case FrameType.ACK:
                this.socket.emit("ack", frame.seq);
                return; //= return: no  branch done
            case FrameType.LOG:
                this.#log.debug({ line: frame.payload.toString("latin1") }, "device log");
                return; //= return: no  branch done
        }
        throw new RangeError(`unknown frame type ${frame.type}`);
    }

    async #hello({ seq, payload }) {
        let hello;
        try {
            hello = JSON.parse(payload.toString("utf8"));
        } catch { //= catch: yes  device with a broken hello is cut off and nothing says why
            this.socket.close(1002);
            return; //= return: maybe  follows from the swallowed parse error
        }
        await this.deps.registry.report(this.device.id, hello);
        this.socket.send(encode(FrameType.ACK, seq, Buffer.alloc(0)));
        await this.deps.firmware.offerUpdate(this.device.id, hello.battery ?? 0);
    }

    async #data({ seq, payload }) {
        if (seq === this.#lastSeq) {
            // retransmission, our ack got lost
            this.socket.send(encode(FrameType.ACK, seq, Buffer.alloc(0)));
            return; //= return: no  reason in the comment and branch done
        }
        const plain = inflate(payload);
        if (plain === null) return; //= return: yes  measurements lost, corrupt payload not mentioned

        const arrived = Date.now();
        const readings = parseReadings(plain, arrived);
        if (!readings) return; //= return: yes  undecodable measurements dropped, device will resend for ever

        const good = readings.filter(isPlausible).map((r) => ({ ...r, at: saneTime(r.at, arrived) }));
        await this.deps.writer.add(this.device, good);
        this.#lastSeq = seq;
        this.socket.send(encode(FrameType.ACK, seq, Buffer.alloc(0)));
        this.deps.alerts.evaluate(this.device, good).catch((err) => this.#log.error({ err }, "alert evaluation failed")); //= catch: no  logged
    }
}
