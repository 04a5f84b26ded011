import { WebSocketServer } from "ws";
import { setTimeout as sleep } from "node:timers/promises";
import client from "prom-client";
import { childLog } from "../log.js";
import { encode } from "../protocol/frame.js";
import { Session } from "./session.js";

const log = childLog("hub");

const connected = new client.Gauge({ name: "gateway_devices_connected", help: "Open sockets", labelNames: ["model"] });
const commands = new client.Counter({
    name: "gateway_commands_total",
    help: "Commands by operation and outcome",
    labelNames: ["op", "outcome"],
});

export class Hub {
    /** @type {Map<string, Session>} */
    #sessions = new Map();
    #wss = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024 });
    #seq = 0;

    /** @param {{ registry: any, bus: any, deps: any }} options */
    constructor({ registry, bus, deps }) {
        this.registry = registry;
        this.bus = bus;
        this.deps = deps;
        bus.subscribe("device.command", this.onCommand);
    }

    upgrade = async (req, socket, head) => {
        const device = await this.registry.authenticate(req.headers.authorization);
        if (!device) {
            socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
            return; //= return: no  answered with a 401
        }
        this.#wss.handleUpgrade(req, socket, head, (ws) => {
            this.#sessions.get(device.id)?.socket.terminate();
            this.#sessions.set(device.id, new Session(ws, device, this.deps));
            connected.inc({ model: device.model });
            log.info({ deviceId: device.id, headers: req.headers }, "device connected"); //= no-sensitive-fields  whole headers with the device token
            ws.once("close", () => this.#gone(device, ws));
        });
    };

    #gone(device, ws) {
        connected.dec({ model: device.model });
        if (this.#sessions.get(device.id)?.socket !== ws) return; //= return: no  a newer socket took over
        this.#sessions.delete(device.id);
        log.info({ deviceId: device.id }, "device disconnected");
    }

    onCommand = async ({ deviceId, op, args, expiresAt }) => {
        if (expiresAt && Date.parse(expiresAt) < Date.now()) return; //= return: yes  late command dropped, customer asks why nothing happened
        const device = await this.registry.get(deviceId);
        if (device?.retired) return; //= return: yes  command to a retired device vanishes
        const ok = await this.send(deviceId, 4, { op, ...args });
        commands.labels(op, ok ? "delivered" : "undelivered").inc();
    };

    /**
     * @param {string} deviceId
     * @param {number} type
     * @param {object} message
     * @returns {Promise<boolean>}
     */
    async send(deviceId, type, message) {
        const session = this.#sessions.get(deviceId);
        if (!session) return false; //= return: no  told to the caller, which counts it
        const seq = ++this.#seq & 0xffff;
        const payload = encode(type, seq, Buffer.from(JSON.stringify(message)));
        for (let attempt = 1; attempt <= 3; attempt++) {
            session.socket.send(payload);
            if (await this.#acked(session.socket, seq, attempt * 2000)) return true; //= return: no  success
        }
        return false;
    }

    #acked(socket, seq, timeout) {
        return new Promise((resolve) => {
            const onAck = (got) => {
                if (got !== seq) return; //= return: no  filter on the parameter
                socket.off("ack", onAck);
                resolve(true);
            };
            socket.on("ack", onAck);
            sleep(timeout).then(() => (socket.off("ack", onAck), resolve(false)));
        });
    }
}
