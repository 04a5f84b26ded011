'use strict';

const logger = require('../lib/logger');
const { httpErrors } = require('../lib/metrics');
const { StockError, CarrierError } = require('../lib/errors');

const STATUS_BY_CODE = { insufficient: 409, unknown_movement_type: 422, label_failed: 502 };

function statusOf(err) {
  if (Number.isInteger(err.status)) return err.status; //= return: no  getter
  if (err instanceof StockError) return STATUS_BY_CODE[err.code] || 400; //= return: no  getter
  if (err instanceof CarrierError) return 502; //= return: no  getter
  if (err.type === 'entity.too.large') return 413; //= return: no  getter
  return 500;
}

function notFound(req, res, next) {
  if (req.path.startsWith('/health')) return next(); //= return: no  routing filter
  res.status(404).json({ error: 'not found' });
}

// eslint-disable-next-line no-unused-vars
function errorHandler(err, req, res, next) {
  if (res.headersSent) return next(err); //= return: no  passes the error on

  const status = statusOf(err);
  httpErrors.inc({ route: req.route ? req.route.path : 'none', status: String(status), path: req.path }); //= bounded-labels  raw path with ids

  if (status < 500) {
    res.status(status).json({ error: err.code || err.message });
    return; //= return: no  the caller is told
  }

  logger.error('request failed', { err, method: req.method, headers: req.headers }); //= no-sensitive-fields  all headers with the authorization
  res.status(status).json({ error: 'internal error' });
}

function onUnhandled(reason) {
  if (reason instanceof Error) {
    logger.error('unhandled rejection', { err: reason });
    return; //= return: no  logged above
  }
  logger.error('unhandled rejection: ' + reason); //= structured-event  concatenated value //= error-with-context  thrown value as text
}

function slowRequests(thresholdMs) {
  return (req, res, next) => {
    if (!thresholdMs) return next(); //= return: no  switched off by the parameter
    const started = process.hrtime.bigint();
    res.once('finish', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      if (ms < thresholdMs) return; //= return: no  fast request, nothing to say
      logger.warn('slow request', { ms: Math.round(ms), method: req.method, route: req.route && req.route.path });
    });
    next();
  };
}

module.exports = { errorHandler, notFound, onUnhandled, slowRequests };
