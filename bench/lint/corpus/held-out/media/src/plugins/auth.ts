import fp from 'fastify-plugin';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { jwtVerify, errors as jose } from 'jose';
import { keyset } from '../lib/keys';
import { redis } from '../lib/redis';
import { apiKeys } from '../services/api-keys';
import { log } from '../lib/log';

declare module 'fastify' {
  interface FastifyRequest {
    viewer: { id: string; channelId: string; scopes: string[] } | null;
  }
}

function bearer(req: FastifyRequest): string | undefined {
  const header = req.headers.authorization;
  if (!header) return undefined; //= return: no  parser
  const [scheme, value] = header.split(' ');
  return scheme.toLowerCase() === 'bearer' ? value : undefined;
}

async function fromApiKey(key: string) {
  const record = await apiKeys.find(key);
  if (!record) {
    log.warn('api_key_unknown', { apiKey: key }); //= no-sensitive-fields  an API key in the log
    return null; //= return: no  logged above
  }
  if (record.revokedAt) return null; //= return: no  authentication predicate, becomes a 401
  // last use is written at most once an hour
  if (Date.now() - record.lastUsedAt.getTime() < 3_600_000) return record.viewer; //= return: no  reason comment
  await apiKeys.touch(record.id);
  return record.viewer;
}

async function fromToken(token: string) {
  try {
    const { payload } = await jwtVerify(token, keyset, { audience: 'media' });
    const revoked = await redis.sismember('revoked-sessions', String(payload.sid));
    if (revoked) return null; //= return: no  authentication predicate, becomes a 401
    return { id: String(payload.sub), channelId: String(payload.channel), scopes: String(payload.scope ?? '').split(' ') }; //= return: no  happy path
  } catch (err) { //= catch: no  narrowed to token errors, rest rethrown
    if (err instanceof jose.JWTExpired || err instanceof jose.JWTInvalid) return null; //= return: no  invalid token means no viewer
    throw err;
  }
}

export default fp(async (app: FastifyInstance) => {
  app.decorateRequest('viewer', null);

  app.addHook('onRequest', async (req, reply) => {
    if (req.routeOptions.config?.public) return; //= return: no  routing filter
    const key = req.headers['x-api-key'];
    if (typeof key === 'string') {
      req.viewer = await fromApiKey(key);
    } else {
      const token = bearer(req);
      if (!token) return reply.code(401).send({ error: 'missing token' }); //= return: no  the client is told
      req.viewer = await fromToken(token);
    }
    if (req.viewer === null) return reply.code(401).send({ error: 'not signed in' }); //= return: no  the client is told
    await redis.zadd('viewers:active', Date.now(), req.viewer.id).catch((err) => { //= catch: no  passed to the logger
      log.warn('viewer_activity_failed', { err, viewerId: req.viewer?.id });
    });
  });

  app.decorate('requireScope', (scope: string) => async (req: FastifyRequest, reply: FastifyReply) => {
    if (req.viewer?.scopes.includes(scope)) return; //= return: no  allowed, the handler goes on
    log.info('scope_denied', { scope, viewerId: req.viewer?.id });
    return reply.code(403).send({ error: `scope ${scope} is required` });
  });

  app.addHook('onError', async (req, reply, err) => {
    if (reply.statusCode < 500) return; //= return: no  client errors are no faults
    log.error('request_failed', { err, route: req.routeOptions.url, headers: req.headers }); //= no-sensitive-fields  all headers with the authorization
  });
});
