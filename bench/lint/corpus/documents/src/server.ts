import http from "http";
import Koa from "koa";
import mount from "koa-mount";
import helmet from "koa-helmet";
import stoppable from "stoppable";
import env from "./env";
import Logger from "./logging/Logger";
import onerror from "./onerror";
import api from "./routes";
import slackHooks from "./routes/slackHooks";
import { checkPendingMigrations } from "./utils/startup";
import { sequelize } from "./storage/database";
import Redis from "./storage/redis";
import initWorker from "./queues/worker";

let shuttingDown = false;

async function start() {
  const app = new Koa();
  app.proxy = env.isProduction;
  app.use(helmet());
  onerror(app);

  app.use(async (ctx, next) => {
    if (ctx.path !== "/_health") {
      return next(); //= return: no  routing in a middleware
    }
    try {
      await Promise.all([sequelize.query("SELECT 1"), Redis.defaultClient.ping()]);
      ctx.body = "OK";
    } catch (err) { //= catch: no  answered with 503 and logged
      Logger.error("lifecycle", "Health check failed", err);
      ctx.status = 503;
      ctx.body = "Unavailable";
    }
  });

  app.use(mount("/hooks", slackHooks.routes()));
  app.use(mount("/api", api));

  await checkPendingMigrations();
  initWorker();

  const server = stoppable(http.createServer(app.callback()), 60 * 1000);
  server.setTimeout(env.REQUEST_TIMEOUT);
  server.on("error", (err: NodeJS.ErrnoException) => {
    if (err.code === "EADDRINUSE") {
      Logger.error("lifecycle", "Port is already in use", err, { port: env.PORT });
      process.exit(1);
    }
    throw err;
  });
  server.listen(env.PORT, () => {
    Logger.info("lifecycle", "Listening", { port: env.PORT, environment: process.env }); //= no-sensitive-fields  whole environment with all secrets
  });

  const shutdown = async (signal: string) => {
    if (shuttingDown) return; //= return: no  already shutting down
    shuttingDown = true;
    Logger.info("lifecycle", "Shutting down", { signal });

    await new Promise((resolve) => server.stop(resolve));
    try {
      await sequelize.close();
      await Redis.defaultClient.quit();
    } catch (err) { //= catch: no  logged
      Logger.warn("lifecycle", "Could not close connections", { error: err });
    }
    process.exit(0);
  };
  process.once("SIGTERM", shutdown);
  process.once("SIGINT", shutdown);
}

start().catch((err) => { //= catch: no  logged, process ends
  Logger.error("lifecycle", "Boot failed", err);
  process.exit(1);
});
