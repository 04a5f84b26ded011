import fp from 'fastify-plugin';
import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify, createRemoteJWKSet, errors } from 'jose';
import { db } from '../lib/db';
import { cache } from '../lib/cache';
import { config } from '../config';

declare module 'fastify' {
  interface FastifyRequest {
    workspace: { id: string; plan: string } | null;
  }
}

const jwks = createRemoteJWKSet(new URL(config.auth.jwksUrl));
const digest = (value: string) => createHash('sha256').update(value).digest();

export default fp(async (app) => {
  app.decorateRequest('workspace', null);

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.public) return; //= return: no  public route
    const header = request.headers.authorization;
    if (!header) return reply.code(401).send({ error: 'unauthenticated' }); //= return: no  answered with the reason

    const [scheme, value] = header.split(' ');
    const workspace = scheme === 'Bearer' ? await fromJwt(value) : scheme === 'Key' ? await fromKey(value) : null;
    if (workspace) {
      request.workspace = workspace;
      return; //= return: no  success
    }
    request.log.info({ scheme, header }, 'authentication refused'); //= no-sensitive-fields  authorization header's value
    return reply.code(401).send({ error: 'unauthenticated' });
  });

  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode < 400 || !request.workspace) return; //= return: no  only failures of known workspaces are kept
    await db.apiFailure
      .create({ data: { workspaceId: request.workspace.id, status: reply.statusCode, route: request.routeOptions.url } })
      .catch((err) => request.log.warn({ err }, 'api failure not recorded')); //= catch: no  logged
  });
});

async function fromJwt(token: string) {
  try {
    const { payload } = await jwtVerify(token, jwks, { audience: 'notifier' });
    if (typeof payload.ws !== 'string') return null; //= return: no  lookup, answered with 401
    return await workspaceOf(payload.ws); //= return: no  result inside try
  } catch (err) { //= catch: no  expired and invalid narrowed, the rest rethrown
    if (err instanceof errors.JWTExpired || err instanceof errors.JWSSignatureVerificationFailed) return null; //= return: no  narrowed, answered with 401
    throw err;
  }
}

async function fromKey(key: string) {
  const [id, secret = ''] = key.split(':');
  const record = await db.apiKey.findUnique({ where: { id } });
  if (!record || record.revokedAt) return null; //= return: no  lookup, answered with 401
  if (!timingSafeEqual(Buffer.from(record.hash, 'hex'), digest(secret))) return null; //= return: no  lookup, answered with 401
  void db.apiKey.update({ where: { id }, data: { usedAt: new Date() } }).catch(() => {}); //= catch: maybe  usage date only, no reason is given
  return workspaceOf(record.workspaceId);
}

async function workspaceOf(id: string): Promise<{ id: string; plan: string } | null> {
  const cached = await cache.get<{ id: string; plan: string }>(`ws:${id}`);
  if (cached) return cached; //= return: no  cache hit
  const found = await db.workspace.findUnique({ where: { id }, select: { id: true, plan: true, suspendedAt: true } });
  if (!found || found.suspendedAt) return null; //= return: maybe  a suspended workspace looks like a bad key
  await cache.set(`ws:${id}`, { id: found.id, plan: found.plan }, 60);
  return { id: found.id, plan: found.plan };
}
