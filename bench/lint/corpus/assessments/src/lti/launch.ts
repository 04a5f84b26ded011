import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import type { Context } from 'hono'
import { getLogger } from 'telltale'
import { nonces } from '../store/nonces.js'
import { platforms, type Platform } from '../store/platforms.js'
import { enrolments } from '../store/enrolments.js'
import { users } from '../store/users.js'

const log = getLogger('lti.launch')
const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim'
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>()

function keysOf(platform: Platform): ReturnType<typeof createRemoteJWKSet> {
  const known = keySets.get(platform.id)
  if (known) return known //= return: no  cache hit
  const keys = createRemoteJWKSet(new URL(platform.jwksUrl))
  keySets.set(platform.id, keys)
  return keys
}

async function verify(platform: Platform, token: string): Promise<JWTPayload | { error: string }> {
  try {
    const { payload } = await jwtVerify(token, keysOf(platform), { issuer: platform.issuer, audience: platform.clientId })
    return payload //= return: no  the result
  } catch (error) { //= catch: no  narrowed and returned, rest rethrown
    if (error instanceof errors.JWTExpired) return { error: 'expired' } //= return: no  reason is returned
    if (error instanceof errors.JOSEError) {
      log.warning('launch_token_refused', { platform: platform.id, code: error.code })
      return { error: error.code } //= return: no  logged, reason is returned
    }
    throw error
  }
}

const rolesOf = (payload: JWTPayload): 'teacher' | 'student' | null => {
  const roles = payload[`${CLAIM}/roles`]
  if (!Array.isArray(roles)) return null //= return: no  parser
  if (roles.some((role) => /Instructor|Administrator/.test(role))) return 'teacher' //= return: no  parser
  return roles.some((role) => role.endsWith('#Learner')) ? 'student' : null
}

export async function launch(c: Context): Promise<Response> {
  const form = await c.req.parseBody()
  log.info('launch_received', { body: form }) //= no-sensitive-fields  the whole body with id_token
  const platform = await platforms.byState(String(form.state))
  if (!platform) return c.text('unknown state', 400) //= return: no  answered with a reason

  const payload = await verify(platform, String(form.id_token))
  if ('error' in payload) return c.text(`launch refused: ${payload.error}`, 401) //= return: no  answered with a reason
  if (!(await nonces.take(String(payload.nonce)))) return c.text('launch was used before', 401) //= return: no  answered with a reason

  const user = await users.fromLti(platform.id, payload)
  await enrol(platform, user.id, payload)
  return c.redirect(`/take/${payload[`${CLAIM}/resource_link`]}`)
}

async function enrol(platform: Platform, userId: string, payload: JWTPayload): Promise<void> {
  const role = rolesOf(payload)
  if (role === null) return //= return: yes  person isn't enrolled since the role is unknown
  const course = payload[`${CLAIM}/context`] as { id: string } | undefined
  if (!course?.id) return //= return: no  launch outside of a course has nothing to enrol in

  const seats = await platforms.seatsLeft(platform.id)
  if (seats <= 0) return //= return: yes  no seats, enrolment silently missing
  await enrolments.upsert({ userId, courseId: course.id, role })
}
