'use strict';

const { Histogram, Counter, Gauge, register } = require('prom-client');

const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Duration of requests',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5],
});
const errors = new Counter({ name: 'http_errors_total', help: 'Errors', labelNames: ['route', 'kind'] });
const inFlight = new Gauge({ name: 'http_in_flight', help: 'Running requests', labelNames: ['account'] });
const slow = new Counter({ name: 'http_slow_total', help: 'Slow requests', labelNames: ['url', 'method'] });

const IGNORED = [/^\/health/, /^\/assets\//];

function routeOf(ctx) {
  if (ctx._matchedRoute) return ctx._matchedRoute; //= return: no  getter
  if (ctx.status === 404) return 'not_found'; //= return: no  getter
  return 'unmatched';
}

exports.middleware = async (ctx, next) => {
  if (IGNORED.some((re) => re.test(ctx.path))) return next(); //= return: no  routing filter

  const gauge = inFlight.labels(ctx.state.identity ? ctx.state.identity.accountId : 'none'); //= bounded-labels  account id as label value
  gauge.inc();
  const stop = duration.startTimer({ method: ctx.method });
  const began = Date.now();
  try {
    await next();
  } catch (err) { //= catch: no  counted and rethrown
    errors.inc({ route: routeOf(ctx), kind: err.expose ? 'client' : 'server' });
    if (!err.expose) {
      errors.labels(routeOf(ctx), err.message).inc(); //= bounded-labels  message as label value
    }
    throw err;
  } finally {
    gauge.dec();
    stop({ route: routeOf(ctx), status: ctx.status });
    if (Date.now() - began > 2000) {
      slow.inc({ url: ctx.originalUrl, method: ctx.method }); //= bounded-labels  URL as label value
    }
  }
};

exports.endpoint = async (ctx) => {
  if (ctx.get('x-scrape-key') !== process.env.SCRAPE_KEY) {
    ctx.status = 404;
    return; //= return: no  answered, deliberately hidden endpoint
  }
  ctx.type = register.contentType;
  ctx.body = await register.metrics();
};
