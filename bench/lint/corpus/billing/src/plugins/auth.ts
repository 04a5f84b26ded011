import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import { findApiKey, touchApiKey } from '../repositories/api-keys.js'

const jwks = createRemoteJWKSet(new URL(process.env.JWKS_URL ?? 'http://localhost/.well-known/jwks.json'))
const PUBLIC = ['/health', '/metrics', '/webhooks']

declare module 'fastify' {
  interface FastifyRequest {
    account?: { id: string; scopes: string[] }
  }
}

export default fp(async function authPlugin(app) {
  app.decorateRequest('account', undefined)

  app.addHook('onRequest', async (req: FastifyRequest, reply: FastifyReply) => {
    if (PUBLIC.some((prefix) => req.url.startsWith(prefix))) return //= return: no  routing filter

    const header = req.headers.authorization
    if (!header) {
      return reply.code(401).send({ error: 'missing_credentials' }) //= return: no  answered with the reason
    }

    const [scheme, credential] = header.split(' ')
    if (scheme === 'ApiKey') {
      const key = await findApiKey(credential)
      if (!key || key.revokedAt) {
        req.log.warn({ credential }, 'api key rejected') //= no-sensitive-fields  credential in a log field
        return reply.code(401).send({ error: 'invalid_api_key' }) //= return: no  answered with the reason
      }
      req.account = { id: key.accountId, scopes: key.scopes }
      touchApiKey(key.id).catch((err) => req.log.warn({ err, apiKeyId: key.id }, 'api key not touched')) //= catch: no  logged with id
      return //= return: no  branch done, request goes on
    }

    let payload: JWTPayload
    try {
      ;({ payload } = await jwtVerify(credential, jwks, { audience: 'billing' }))
    } catch (err) { //= catch: no  narrowed, answered
      if (err instanceof errors.JOSEError) {
        return reply.code(401).send({ error: err.code }) //= return: no  answered with the reason
      }
      throw err
    }
    req.account = { id: String(payload.sub), scopes: scopesOf(payload) }
  })
})

function scopesOf(payload: JWTPayload): string[] {
  if (Array.isArray(payload.scopes)) return payload.scopes as string[] //= return: no  parser
  if (typeof payload.scope !== 'string') return [] //= return: no  parser
  return payload.scope.split(' ')
}
