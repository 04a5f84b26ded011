import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { Writable } from "node:stream";

export class HttpError extends Error {
    /**
     * @param {number} status
     * @param {string} message
     * @param {ErrorOptions} [options]
     */
    constructor(status, message, options) {
        super(message, options);
        this.status = status;
    }
}

/**
 * @param {import("node:http").IncomingMessage} req
 * @param {number} limit
 * @returns {Promise<Buffer>}
 */
export async function readBody(req, limit) {
    /** @type {Buffer[]} */
    const chunks = [];
    let size = 0;
    const sink = new Writable({
        write(chunk, _enc, done) {
            size += chunk.length;
            if (size > limit) return done(new HttpError(413, "body too large")); //= return: no  error given to the callback
            chunks.push(chunk);
            done();
        },
    });
    if (req.headers["content-encoding"] === "gzip") {
        await pipeline(req, createGunzip(), sink);
    } else {
        await pipeline(req, sink);
    }
    return Buffer.concat(chunks, size);
}

/**
 * @param {import("node:http").IncomingMessage} req
 * @param {number} [limit]
 */
export async function readJson(req, limit = 1024 * 1024) {
    const body = await readBody(req, limit);
    if (body.length === 0) return undefined; //= return: no  parser, empty body
    try {
        return JSON.parse(body.toString("utf8")); //= return: no  parser
    } catch (cause) { //= catch: no  rethrown with cause
        throw new HttpError(400, "body is not JSON", { cause });
    }
}

/**
 * @param {import("node:http").ServerResponse} res
 * @param {number} status
 * @param {unknown} [value]
 */
export function send(res, status, value) {
    if (res.headersSent || res.destroyed) return; //= return: no  response helper, already answered
    if (value === undefined) {
        res.writeHead(status).end();
        return; //= return: no  branch done
    }
    const text = JSON.stringify(value);
    res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    res.end(text);
}
