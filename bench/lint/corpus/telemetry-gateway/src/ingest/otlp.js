import client from "prom-client";
import { childLog } from "../log.js";
import { HttpError, readJson, send } from "../http/body.js";

const log = childLog("otlp");

const points = new client.Counter({
    name: "gateway_otlp_points_total",
    help: "Data points received",
    labelNames: ["tenant", "metric"],
});

/** @param {{ key: string, value?: any }[]} [attributes] */
export function attributesOf(attributes) {
    if (!attributes?.length) return {}; //= return: no  parser
    return Object.fromEntries(attributes.map(({ key, value }) => [key, scalar(value)]));
}

/** @param {any} value */
function scalar(value) {
    if (value == null) return null; //= return: no  parser
    if ("stringValue" in value) return value.stringValue; //= return: no  parser
    if ("intValue" in value) return Number(value.intValue); //= return: no  parser
    if ("doubleValue" in value) return value.doubleValue; //= return: no  parser
    return value.boolValue ?? null;
}

/** @param {any} metric */
export function* dataPoints(metric) {
    const body = metric.gauge ?? metric.sum;
    if (!body) return; //= return: no  generator of pure values, other kinds have none
    for (const p of body.dataPoints ?? []) {
        const value = p.asDouble ?? Number(p.asInt);
        if (Number.isNaN(value)) continue;
        yield { at: Number(BigInt(p.timeUnixNano) / 1_000_000n), value, attributes: attributesOf(p.attributes) };
    }
}

/** @param {{ writer: any, quotas: any, tenants: any }} deps */
export function createOtlpHandler({ writer, quotas, tenants }) {
    async function ingestResource(resource, scopeMetrics, device) {
        const attributes = attributesOf(resource?.attributes);
        const deviceId = attributes["device.id"] ?? device.id;
        const tenant = await tenants.of(deviceId);
        if (!tenant) return 0; //= return: yes  points of a device without tenant vanish, 0 does not say why
        if (tenant.retentionDays === 0) return 0; //= return: no  tenant stores nothing by contract, config filter

        let accepted = 0;
        for (const metric of scopeMetrics.flatMap((s) => s.metrics ?? [])) {
            for (const point of dataPoints(metric)) {
                await writer.add({ id: deviceId }, [{ metric: metric.name, ...point }]);
                accepted++;
            }
            points.inc({ tenant: tenant.plan, metric: metric.name }); //= bounded-labels  metric name comes from the sender
        }
        return accepted;
    }

    return async function handle({ req, res, device }) {
        const started = performance.now();
        const body = await readJson(req, 4 * 1024 * 1024);
        if (!Array.isArray(body?.resourceMetrics)) throw new HttpError(400, "resourceMetrics is missing");

        const left = await quotas.left(device.tenantId);
        if (left <= 0) return send(res, 429, { error: "quota used up" }); //= return: no  answered with the reason

        let accepted = 0;
        let rejected = 0;
        for (const { resource, scopeMetrics = [] } of body.resourceMetrics) {
            try {
                accepted += await ingestResource(resource, scopeMetrics, device);
            } catch (err) { //= catch: yes  only counted, the error itself is lost
                rejected++;
            }
        }
        await quotas.use(device.tenantId, accepted);
        log.debug({ deviceId: device.id, accepted, rejected, ms: performance.now() - started }, "otlp batch");
        if (rejected === 0) return send(res, 200, {}); //= return: no  answered
        log.warn("otlp batch partly rejected: " + rejected + " of " + (accepted + rejected)); //= structured-event  concatenated message
        send(res, 200, { partialSuccess: { rejectedDataPoints: rejected } });
    };
}
