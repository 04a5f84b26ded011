import { createRequire } from "node:module";
import { loadConfig } from "./config.js";
import { root as log } from "./log.js";
import { createGateway } from "./http/server.js";
import { createOtlpHandler } from "./ingest/otlp.js";
import { createClaimRoutes } from "./devices/claim.js";
import { createRollup } from "./storage/rollup.js";
import { connect } from "./wiring.js";

const require = createRequire(import.meta.url);

const config = loadConfig();
const services = await connect(config);
const claims = createClaimRoutes(services);

const route = (method, pathname, name, handler, auth) => ({
    method,
    pattern: new URLPattern({ pathname }),
    name,
    handler,
    auth,
});

const server = createGateway({
    ...services,
    onUpgrade: services.hub.upgrade,
    routes: [
        route("POST", "/v1/metrics", "otlp_metrics", createOtlpHandler(services)),
        route("POST", "/claims", "claim", claims.claim, false),
        route("DELETE", "/claims/:id", "release", claims.release),
    ],
});

let bridge;
if (config.mqttUrl) {
    try {
        bridge = require("./bridges/mqtt-bridge.cjs")({ url: config.mqttUrl, ...services });
    } catch (err) { //= catch: no  logged
        log.error({ err }, "mqtt bridge did not start");
    }
}

await services.writer.replay().catch((err) => log.warn({ err }, "spool not replayed")); //= catch: no  logged
const rollup = createRollup(services);
setInterval(async () => {
    try {
        await rollup();
    } catch (e) { //= catch: no  logged
        log.error("rollup failed: %s", e.message); //= error-with-context  only the message, formatted in
    }
}, 15 * 60_000).unref();

server.listen(config.port, () => {
    console.log("gateway on", config.port); //= no-console  left-over beside a logger
});

let closing = false;
async function shutdown(signal) {
    if (closing) return; //= return: no  second signal while closing
    closing = true;
    log.info({ signal }, "shutting down");
    server.close();
    await Promise.allSettled([bridge?.stop(), services.writer.close()]);
    process.exit(0);
}

for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, shutdown);
