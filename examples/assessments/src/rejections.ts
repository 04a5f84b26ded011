import type { FastifyError, FastifyInstance } from 'fastify'
import { getLogger } from 'telltale'

const log = getLogger('http')

/** Answers what Fastify refuses before a handler runs: 422 for the wrong shape, 400 and the like for no shape at all. */
export function answerRejections(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error.validation) {
      // Which fields, and what they must be; never what they were.
      const problems = error.validation.map(
        ({ instancePath, message }) => `${instancePath || '/'} ${message}`,
      )
      log.skip('request_skipped', { reason: 'validation_error', problems })
      return reply.code(422).send({ error: 'validation_error', problems })
    }
    const status = error.statusCode ?? 500
    // A failure is not for this place: thrown on, it is logged in full and answered without a word of it.
    if (status >= 500) throw error
    log.skip('request_skipped', { reason: error.code, status })
    return reply.code(status).send({ error: 'malformed_request' })
  })
}
