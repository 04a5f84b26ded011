import type { FastifyInstance } from 'fastify'
import { getLogger } from 'telltale'

const log = getLogger('login')

/** The page behind a reset link. This example sends none, so every link has expired; its token stays out of the log. */
export function resetPassword(app: FastifyInstance): void {
  app.get('/reset/:token', async (_request, reply) => {
    reply.code(410)
    return log.skip('password_reset_skipped', { reason: 'link_expired' }, { error: 'reset_link_expired' })
  })
}
