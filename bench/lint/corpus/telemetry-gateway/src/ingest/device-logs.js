import { childLog } from "../log.js";
import { readBody, send } from "../http/body.js";

const log = childLog("device-logs");

const LINE = /^(?<at>\d{10,13}) (?<level>[DIWEF])\/(?<tag>[\w.-]+): (?<text>.*)$/;

/** @param {string} raw */
export function parseLine(raw) {
    const groups = LINE.exec(raw)?.groups;
    if (!groups) return null; //= return: no  parser
    const at = Number(groups.at);
    return { at: at < 1e12 ? at * 1000 : at, level: groups.level, tag: groups.tag, text: groups.text };
}

/** @param {{ clickhouse: any, crashes: any, db: any, tracker: any }} deps */
export function createDeviceLogs({ clickhouse, crashes, db, tracker }) {
    async function fileCrash(device, lines) {
        const first = lines.findIndex((l) => l.level === "F");
        if (first === -1) return; //= return: no  no crash among the lines, nothing to do
        const signature = crashes.signature(lines.slice(first));
        if (!signature) return; //= return: yes  a crash that cannot be grouped is dropped

        const known = await db.one("select * from crash where signature = $1 and model = $2", [signature, device.model]);
        if (known) {
            await db.run("update crash set count = count + 1, last_at = now() where id = $1", [known.id]);
            return; //= return: no  branch done
        }
        const { id } = await db.one("insert into crash(signature, model) values ($1, $2) returning id", [signature, device.model]);
        const project = await db.one("select tracker_project from model where name = $1", [device.model]);
        if (!project?.trackerProject) return; //= return: yes  no ticket for a new crash
        try {
            const ticket = await tracker.open(project.trackerProject, { title: signature });
            await db.run("update crash set ticket = $2 where id = $1", [id, ticket.key]);
        } catch (err) { //= catch: no  logged
            log.error(err, "no ticket for crash");
        }
    }

    return async function upload({ req, res, device }) {
        const text = (await readBody(req, 512 * 1024)).toString("utf8");
        const lines = [];
        for (const raw of text.split("\n")) {
            const line = parseLine(raw);
            if (line) lines.push(line);
        }
        if (lines.length === 0) return send(res, 204); //= return: maybe  a non-empty upload in another format ends here too

        await clickhouse.insert({ table: "device_logs", values: lines.map((l) => ({ device: device.id, ...l })) });
        send(res, 202, { lines: lines.length });
        await fileCrash(device, lines);
    };
}
