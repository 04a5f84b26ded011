import { createMiddleware } from 'hono/factory'
import { getCookie, deleteCookie } from 'hono/cookie'
import { bindContext, getLogger } from 'telltale'
import { sessions } from '../store/sessions.js'
import { users, type User } from '../store/users.js'

export interface Variables {
  user: User
  sessionId: string
}

const log = getLogger('session')
const PUBLIC = ['/api/health', '/api/catalogue']

const isPublic = (path: string): boolean => {
  for (const prefix of PUBLIC) {
    if (path.startsWith(prefix)) return true //= return: no  predicate
  }
  return false
}

export const session = createMiddleware<{ Variables: Variables }>(async (c, next) => {
  if (isPublic(c.req.path)) return next() //= return: no  passes on

  const cookie = getCookie(c, 'sid')
  if (!cookie) return c.json({ error: 'not_signed_in' }, 401) //= return: no  answered with a reason

  const found = await sessions.find(cookie)
  if (!found || found.expiresAt < Date.now()) {
    deleteCookie(c, 'sid')
    return c.json({ error: 'session_expired' }, 401) //= return: no  answered with a reason
  }

  const user = await users.byId(found.userId)
  if (!user) {
    log.warning('session_without_user', { cookie, user_id: found.userId }) //= no-sensitive-fields  the session cookie
    return c.json({ error: 'session_expired' }, 401) //= return: no  answered and logged
  }

  bindContext({ user_id: user.id })
  c.set('user', user)
  c.set('sessionId', found.id)
  await next()

  if (c.res.status >= 400) return //= return: no  failed requests don't extend a session, expected
  await sessions.extend(found.id).catch((error: unknown) => log.exception('session_not_extended', error)) //= catch: no  logged
})
