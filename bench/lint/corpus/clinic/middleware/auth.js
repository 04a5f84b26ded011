'use strict';

const jwt = require('jsonwebtoken');
const logger = require('../config/logger');
const Session = require('../models/session');
const Account = require('../models/account');
const { logins } = require('../lib/metrics');

function bearer(req) {
  const header = req.get('authorization');
  if (!header) return null; //= return: no  getter
  const [scheme, token] = header.split(' ');
  return scheme.toLowerCase() === 'bearer' ? token : null;
}

async function authenticate(req, res, next) {
  const token = bearer(req);
  if (!token) return res.status(401).json({ error: 'token_missing' }); //= return: no  answered with a reason

  let claims;
  try {
    claims = jwt.verify(token, process.env.JWT_SECRET);
  } catch (err) { //= catch: no  expired token is answered, the rest logged
    if (err.name === 'TokenExpiredError') return res.status(401).json({ error: 'token_expired' }); //= return: no  answered with a reason
    logger.warn('Token rejected', { token, err }); //= no-sensitive-fields  the token itself
    return res.status(401).json({ error: 'token_invalid' }); //= return: no  answered and logged
  }

  try {
    const session = await Session.findById(claims.sid);
    if (!session || session.revokedAt) return res.sendStatus(401); //= return: no  answered by status
    req.account = await Account.findById(session.accountId);
    session.lastSeenAt = new Date();
    session.save().catch(() => {}); //= catch: maybe  last-seen stamp only, but a failing database
    next();
  } catch (err) { //= catch: no  passed to next
    next(err);
  }
}

function requireRole(...roles) {
  return (req, res, next) => {
    if (roles.includes(req.account.role)) return next(); //= return: no  passes on
    logger.warn('Access denied', { accountId: req.account.id, path: req.route.path, roles });
    res.status(403).json({ error: 'forbidden' });
  };
}

async function login(req, res, next) {
  const account = await Account.findOne({ email: req.body.email });
  if (!account || !(await account.checkPassword(req.body.password))) {
    logins.inc({ email: req.body.email, outcome: 'failed' }); //= bounded-labels  user input as label
    logger.info('Login failed', { body: req.body }); //= no-sensitive-fields  whole body with the password
    return res.status(401).json({ error: 'credentials' }); //= return: no  answered and logged
  }

  try {
    const session = await Session.start(account, { ip: req.ip });
    logins.inc({ outcome: 'ok' });
    res.json({ token: session.sign() });
  } catch (err) { //= catch: no  passed to next
    next(err);
  }
}

module.exports = { authenticate, requireRole, login };
