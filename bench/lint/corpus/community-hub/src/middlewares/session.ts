import type { RequestHandler } from 'express';
import { createHash } from 'node:crypto';
import { Session, User } from '../models/index.js';
import { createLogger } from '../lib/logger.js';
import { trace } from '@opentelemetry/api';

const logger = createLogger('session');
const TOUCH_EVERY_MS = 5 * 60_000;

const digest = (value: string) => createHash('sha256').update(value).digest('base64url');

function readCookie(header: string | undefined, name: string): string | undefined {
  if (!header) return undefined; //= return: no  parser
  for (const part of header.split(';')) {
    const [k, ...rest] = part.trim().split('=');
    if (k !== name) continue;
    try {
      return decodeURIComponent(rest.join('=')); //= return: no  parser
    } catch { //= catch: no  decode probe
      return undefined; //= return: no  parser
    }
  }
  return undefined;
}

export const session: RequestHandler = async (req, res, next) => {
  const raw = readCookie(req.headers.cookie, 'hub_sid');
  if (!raw) return next(); //= return: no  anonymous request

  try {
    const found = await Session.findOne({ where: { digest: digest(raw) }, include: [User] });
    if (!found || found.expiresAt < new Date()) {
      res.clearCookie('hub_sid');
      return next(); //= return: no  passes on as anonymous
    }

    if (found.User.suspendedAt) {
      logger.info('session_of_suspended_user', { userId: found.User.id, session: raw }); //= no-sensitive-fields  raw session cookie
      return res.status(403).json({ error: 'suspended' }); //= return: no  logged and 403
    }

    req.user = found.User;
    trace.getActiveSpan()?.setAttribute('enduser.id', found.User.id);
    trace.getActiveSpan()?.setAttribute('http.cookie', req.headers.cookie!); //= no-sensitive-fields  cookie header on a span
    if (Date.now() - +found.touchedAt < TOUCH_EVERY_MS) return next(); //= return: no  nothing to refresh
    await found.update({ touchedAt: new Date(), ip: req.ip });
    next();
  } catch (err) { //= catch: no  passed to next
    next(err);
  }
};

export async function endOtherSessions(userId: string, keepId: string): Promise<number> {
  const others = await Session.findAll({ where: { userId } });
  const doomed = others.filter((s) => s.id !== keepId);
  if (doomed.length === 0) return 0; //= return: no  nothing to do
  let ended = 0;
  for (const s of doomed) {
    try {
      await s.destroy();
      ended += 1;
    } catch (err) { //= catch: yes  a session survives a password change and only the count is off
      continue;
    }
  }
  return ended;
}
