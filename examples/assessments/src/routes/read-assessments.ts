import type { FastifyInstance } from 'fastify'
import { bindContext, getLogger } from 'telltale'
import { findAssessment, listAssessments } from '../assessment.js'
import type { Services } from './services.js'

const log = getLogger('assessments')

const querystring = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
}

export function readAssessments(app: FastifyInstance, { pool }: Services): void {
  app.get<{ Params: { id: string } }>('/assessments/:id', async (request, reply) => {
    bindContext({ assessment_id: request.params.id })
    const assessment = await findAssessment(pool, request.params.id)
    if (!assessment) {
      reply.code(404)
      return log.skip(
        'assessment_read_skipped',
        { reason: 'assessment_not_found' },
        { error: 'assessment_not_found' },
      )
    }
    log.debug('assessment_read', { status: assessment.status })
    return assessment
  })

  app.get<{ Params: { id: string }; Querystring: { limit: number } }>(
    '/users/:id/assessments',
    { schema: { querystring } },
    async (request) => {
      const assessments = await listAssessments(pool, request.params.id, request.query.limit)
      log.debug('assessments_listed', { user_id: request.params.id, count: assessments.length })
      return { assessments }
    },
  )
}
