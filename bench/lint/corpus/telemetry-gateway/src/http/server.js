import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import client from "prom-client";
import { childLog } from "../log.js";
import { HttpError, readJson, send } from "./body.js";

const log = childLog("http");

const requests = new client.Counter({
    name: "gateway_http_requests_total",
    help: "HTTP requests",
    labelNames: ["route", "status", "agent"],
});

/**
 * @typedef {{ method: string, pattern: URLPattern, name: string, handler: Handler, auth?: boolean }} Route
 * @typedef {(ctx: { req: import("node:http").IncomingMessage, res: import("node:http").ServerResponse, params: Record<string, string>, device?: import("../devices/registry.js").Device }) => Promise<void>} Handler
 */

/**
 * @param {{ routes: Route[], registry: import("../devices/registry.js").Registry, onUpgrade: Function }} deps
 */
export function createGateway({ routes, registry, onUpgrade }) {
    /** @param {string} method @param {string} url */
    function match(method, url) {
        for (const route of routes) {
            if (route.method !== method) continue;
            const hit = route.pattern.exec(url, "http://gateway");
            if (hit) return { route, params: hit.pathname.groups }; //= return: no  pure lookup
        }
        return null;
    }

    const server = createServer(async (req, res) => {
        const id = String(req.headers["x-request-id"] ?? randomUUID());
        res.setHeader("x-request-id", id);
        const found = match(req.method ?? "GET", req.url ?? "/");
        if (!found) return send(res, 404, { error: "no such route" }); //= return: no  answered with the reason

        res.on("finish", () => {
            requests.inc({ route: found.route.name, status: res.statusCode, agent: req.headers["user-agent"] }); //= bounded-labels  user agent as label
        });

        try {
            let device;
            if (found.route.auth !== false) {
                device = await registry.authenticate(req.headers.authorization);
                if (!device) return send(res, 401, { error: "unknown device" }); //= return: no  answered with the reason
            }
            await found.route.handler({ req, res, params: found.params, device });
        } catch (err) { //= catch: no  answered or logged
            if (err instanceof HttpError) return send(res, err.status, { error: err.message }); //= return: no  answered with the reason
            log.error({ err, requestId: id, route: found.route.name, req }, "request failed"); //= no-sensitive-fields  whole request
            send(res, 500, { error: "internal", requestId: id });
        }
    });

    server.on("upgrade", (req, socket, head) => {
        onUpgrade(req, socket, head).catch((/** @type {Error} */ err) => { //= catch: no  logged
            log.warn(`upgrade failed: ${err.message}`); //= structured-event  interpolated message //= error-with-context  only the message
            socket.destroy();
        });
    });
    server.on("clientError", (err, socket) => {
        if (err.code === "ECONNRESET" || !socket.writable) return; //= return: no  peer gone, nobody left to answer
        socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    return server;
}
