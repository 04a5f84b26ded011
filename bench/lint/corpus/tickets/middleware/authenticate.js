'use strict';

const jwt = require('jsonwebtoken');
const { Session, ApiKey } = require('../models');
const { hashKey } = require('../helpers/crypto');
const logger = require('../lib/logger');

function bearer(ctx) {
  const header = ctx.get('authorization');
  if (!header) return ctx.cookies.get('sid') || null; //= return: no  getter
  const [scheme, value] = header.split(' ');
  if (!/^bearer$/i.test(scheme)) return null; //= return: no  parser
  return value;
}

async function fromApiKey(raw) {
  const key = await ApiKey.query().findOne({ digest: hashKey(raw), revoked_at: null });
  if (!key) return null; //= return: no  lookup, caller answers 401
  ApiKey.query().findById(key.id).patch({ last_used_at: new Date() }).catch((err) => { //= catch: no  logged
    logger.warn('api_key_touch_failed', { err, apiKeyId: key.id });
  });
  return { accountId: key.account_id, scopes: key.scopes, via: 'api_key' };
}

async function fromSession(token, secret) {
  let claims;
  try {
    claims = jwt.verify(token, secret, { algorithms: ['HS256'] });
  } catch { //= catch: no  invalid token means not signed in
    return null; //= return: no  verify probe
  }
  const session = await Session.query().findById(claims.sid);
  if (!session || session.ended_at) return null; //= return: no  lookup, caller answers 401
  return { accountId: session.account_id, userId: session.user_id, via: 'session' };
}

module.exports = ({ secret, optional = false }) =>
  async function authenticate(ctx, next) {
    const token = bearer(ctx);
    if (!token && optional) return next(); //= return: no  passes on

    if (!token) {
      ctx.status = 401;
      ctx.body = { error: 'missing_credentials' };
      return; //= return: no  answered with a reason
    }

    const identity = token.startsWith('tk_') ? await fromApiKey(token) : await fromSession(token, secret);
    if (!identity) {
      logger.info('authentication_refused', { headers: ctx.headers, path: ctx.path }); //= no-sensitive-fields  whole headers
      ctx.throw(401, 'invalid_credentials');
    }

    if (identity.via === 'api_key' && ctx.method !== 'GET' && !identity.scopes.includes('write')) {
      return ctx.throw(403, 'scope_missing'); //= return: no  throws a reason
    }

    ctx.state.identity = identity;
    logger.debug('authenticated', { via: identity.via, accountId: identity.accountId, bearer: token }); //= no-sensitive-fields  bearer token
    return next();
  };
