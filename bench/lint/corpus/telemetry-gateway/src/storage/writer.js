import { createGzip } from "node:zlib";
import { appendFile, readFile, rename, unlink } from "node:fs/promises";
import { childLog } from "../log.js";

const log = childLog("writer");

export class BatchWriter {
    #rows = [];
    #flushing = false;
    #timer;

    /**
     * @param {{ clickhouse: any, spoolPath: string, maxRows?: number, everyMs?: number }} options
     */
    constructor({ clickhouse, spoolPath, maxRows = 5000, everyMs = 1000 }) {
        this.clickhouse = clickhouse;
        this.spoolPath = spoolPath;
        this.maxRows = maxRows;
        this.#timer = setInterval(() => void this.flush(), everyMs).unref();
    }

    async add(device, readings) {
        if (!readings.length) return; //= return: no  empty parameter
        for (const r of readings) this.#rows.push({ device: device.id, ...r });
        if (this.#rows.length < this.maxRows) return; //= return: no  batch not full, a timer flushes
        await this.flush();
    }

    async flush() {
        if (this.#flushing || this.#rows.length === 0) return; //= return: no  running already or nothing to write
        this.#flushing = true;
        const rows = this.#rows.splice(0);
        try {
            await this.clickhouse.insert({ table: "readings", values: rows, format: "JSONEachRow" });
        } catch (err) { //= catch: no  spooled and logged
            log.error({ err: err.message, rows: rows.length }, "insert failed, spooling"); //= error-with-context  only the message
            await this.#spool(rows);
        } finally {
            this.#flushing = false;
        }
    }

    async #spool(rows) {
        const lines = rows.map((r) => JSON.stringify(r)).join("\n") + "\n";
        try {
            await appendFile(this.spoolPath, lines);
        } catch (e) { //= catch: yes  measurements lost for good
            this.lost = (this.lost ?? 0) + rows.length;
        }
    }

    /** Sends what an earlier run could not. */
    async replay() {
        const taken = `${this.spoolPath}.replay`;
        try {
            await rename(this.spoolPath, taken);
        } catch (e) { //= catch: no  narrowed, rest rethrown
            if (e.code !== "ENOENT") throw e;
            return 0; //= return: no  nothing spooled
        }

        const text = await readFile(taken, "utf8");
        const rows = [];
        for (const line of text.split("\n")) {
            if (!line) continue;
            try {
                rows.push(JSON.parse(line));
            } catch { //= catch: no  parse probe of a half-written line, commented
                // the last line may be cut off by the crash that made us replay
            }
        }
        if (rows.length === 0) return 0; //= return: maybe  spool had only broken lines, and the file stays behind

        await this.clickhouse.insert({ table: "readings", values: rows, format: "JSONEachRow" });
        await unlink(taken).catch(() => {}); //= catch: yes  a file left behind is replayed twice
        log.info({ rows: rows.length }, "spool replayed");
        return rows.length;
    }

    async close() {
        clearInterval(this.#timer);
        await this.flush();
    }

    exportStream(query) {
        return this.clickhouse.stream(query).pipe(createGzip());
    }
}
