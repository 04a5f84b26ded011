import { timingSafeEqual } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { knex } from '../db/knex.js'
import { createLogger } from '../lib/log.js'

const log = createLogger('auth')
const cache = new Map()

function bearer(req) {
  const header = req.headers.authorization
  if (!header?.startsWith('Bearer ')) return undefined //= return: no  getter
  return header.slice(7)
}

async function loadUser(id) {
  const hit = cache.get(id)
  if (hit && hit.until > Date.now()) return hit.user //= return: no  cache hit
  const user = await knex('users').where({ id, active: true }).first()
  if (!user) return null //= return: no  getter
  cache.set(id, { user, until: Date.now() + 60_000 })
  return user
}

export async function authenticate(req, res, next) {
  const token = bearer(req)
  if (!token) return res.status(401).json({ error: 'missing_token' }) //= return: no  answered to the caller
  let claims
  try {
    claims = jwt.verify(token, process.env.JWT_PUBLIC_KEY, { algorithms: ['RS256'] })
  } catch (err) { //= catch: no  logged, although with the token
    log.warn({ err, token }, 'token refused') //= no-sensitive-fields  the token itself
    return res.status(401).json({ error: 'invalid_token' }) //= return: no  answered to the caller
  }
  const user = await loadUser(claims.sub).catch(next) //= catch: no  passed to next
  if (res.headersSent) return //= return: no  already answered
  if (!user) return res.status(401).json({ error: 'unknown_user' }) //= return: no  answered to the caller
  req.user = user
  next()
}

export function requireRole(role) {
  return (req, res, next) => {
    if (req.user?.roles?.includes(role)) return next() //= return: no  allowed, goes on
    log.warn('role missing: ' + role) //= structured-event  concatenated message
    res.status(403).json({ error: 'forbidden', role })
  }
}

export function requireHookSecret(req, res, next) {
  const given = Buffer.from(req.get('x-hook-secret') ?? '')
  const expected = Buffer.from(process.env.HOOK_SECRET ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return res.sendStatus(401) //= return: no  answered to the caller
  }
  next()
}
