import { defaults } from "lodash";
import type { Context, Next } from "koa";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import env from "../env";
import { RateLimitExceededError } from "../errors";
import Metrics from "../logging/Metrics";
import { httpRejections } from "../logging/prometheus";
import RateLimiter from "../utils/RateLimiter";

export function defaultRateLimiter() {
  return async function rateLimiterMiddleware(ctx: Context, next: Next) {
    if (!env.RATE_LIMITER_ENABLED) {
      return next(); //= return: no  passes the request on
    }

    const key = RateLimiter.hasRateLimiter(ctx.path) ? `${ctx.path}:${ctx.ip}` : `${ctx.ip}`;
    const limiter = RateLimiter.getRateLimiter(ctx.path);

    try {
      await limiter.consume(key);
    } catch (rateLimiterRes) { //= catch: no  narrowed, answered to the client as 429 and counted
      if (!(rateLimiterRes instanceof RateLimiterRes)) {
        throw rateLimiterRes;
      }
      ctx.set("Retry-After", `${rateLimiterRes.msBeforeNext / 1000}`);
      ctx.set("RateLimit-Limit", `${limiter.points}`);
      ctx.set("RateLimit-Remaining", `${rateLimiterRes.remainingPoints}`);
      Metrics.increment("rate_limit.exceeded");
      httpRejections.inc({ path: ctx.path, ip: ctx.ip }); //= bounded-labels  client address and raw path as labels
      throw RateLimitExceededError();
    }

    return next();
  };
}

export function rateLimiter(config: { duration: number; requests: number }) {
  return async function registerRateLimiterMiddleware(ctx: Context, next: Next) {
    const fullPath = ctx.mountPath ? `${ctx.mountPath}${ctx.path}` : ctx.path;
    if (env.RATE_LIMITER_ENABLED && !RateLimiter.hasRateLimiter(fullPath)) {
      RateLimiter.setRateLimiter(fullPath, defaults(config, { points: 1000, duration: 60 }));
    }
    return next();
  };
}

export const buildLimiter = (points: number, duration: number, prefix: string) =>
  new RateLimiterRedis({ storeClient: RateLimiter.client, points, duration, keyPrefix: prefix });
