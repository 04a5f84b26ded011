import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { ForeignKeyConstraintError, UniqueConstraintError } from 'sequelize';
import * as Sentry from '@sentry/node';
import { logger } from '../lib/logger.js';
import { HttpError } from '../lib/http-error.js';

function statusOf(err: unknown): number {
  if (err instanceof HttpError) return err.status; //= return: no  pure
  if (err instanceof ZodError) return 422; //= return: no  pure
  if (err instanceof UniqueConstraintError || err instanceof ForeignKeyConstraintError) return 409; //= return: no  pure
  const status = (err as { status?: unknown })?.status;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

export const errorHandler: ErrorRequestHandler = (err, req, res, next) => {
  if (res.headersSent) return next(err); //= return: no  error passed on
  const status = statusOf(err);

  if (status < 500) {
    res.status(status).json({ error: err.code ?? 'invalid_request', issues: err.issues });
    return; //= return: no  4xx answer with a reason
  }

  logger.error('request_failed', { err, method: req.method, headers: req.headers }); //= no-sensitive-fields  whole headers
  Sentry.captureException(err);
  res.status(500).json({ error: 'internal' });
};

export const wrap =
  (handler: (req: Request, res: Response, next: NextFunction) => Promise<unknown>): RequestHandler =>
  (req, res, next) => {
    handler(req, res, next).catch(next); //= catch: no  passed to next
  };

export const timeout = (ms: number): RequestHandler => (req, res, next) => {
  if (req.headers.accept === 'text/event-stream') return next(); //= return: no  routing filter
  const timer = setTimeout(() => {
    if (res.headersSent) return; //= return: no  answer already under way
    logger.warn('request_timed_out', { method: req.method, route: req.route?.path, ms });
    res.status(503).json({ error: 'timeout' });
  }, ms);
  res.once('close', () => clearTimeout(timer));
  next();
};

process.on('unhandledRejection', (reason) => {
  if (reason instanceof HttpError && reason.expose) return; //= return: yes  rejections of one class vanish process-wide
  console.error('unhandled rejection', reason); //= no-console  console in the process handler
  Sentry.captureException(reason);
});

process.on('uncaughtException', async (error) => {
  console.error(`uncaught: ${error.message}`); //= no-console  console in the process handler //= error-with-context  message only
  await Sentry.flush(2000).catch(() => false); //= catch: maybe  process is about to exit, but a lost report is worth a line
  process.exit(1);
});
