import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { counter, getLogger } from 'telltale'
import { ID } from '../assessment.js'
import { isPassword } from '../password.js'
import type { Services } from './services.js'

const log = getLogger('login')
const logins = counter('logins_total', {
  help: 'Logins by outcome.',
  labels: { status: ['success', 'refused'] },
})

const body = {
  type: 'object',
  required: ['user_id', 'password'],
  properties: {
    user_id: { type: 'string', pattern: ID },
    password: { type: 'string', minLength: 1, maxLength: 200 },
  },
}

/** Gives a session for a password. The other routes don't ask for one: this example is about telling what happens. */
export function login(app: FastifyInstance, { pool }: Services): void {
  app.post<{ Body: { user_id: string; password: string } }>(
    '/login',
    { schema: { body } },
    async (request, reply) => {
      const { user_id, password } = request.body
      const { rows } = await pool.query<{ password_hash: string }>(
        'select password_hash from users where user_id = $1',
        [user_id],
      )
      if (!(await isPassword(password, rows[0]?.password_hash))) {
        logins.inc({ status: 'refused' })
        reply.code(401)
        return log.skip(
          'login_skipped',
          { reason: 'invalid_credentials', user_id },
          { error: 'invalid_credentials' },
        )
      }
      const session = randomBytes(24).toString('base64url')
      await pool.query(
        `insert into sessions (token_hash, user_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
        [createHash('sha256').update(session).digest('hex'), user_id],
      )
      logins.inc({ status: 'success' })
      log.info('user_logged_in', { user_id })
      return { session }
    },
  )
}
