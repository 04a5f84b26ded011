import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { bindContext, getLogger } from 'telltale'
import { ID, listQuestions } from '../assessment.js'
import { SKILL_AREAS, type SkillArea } from '../skill-area.js'
import type { Services } from './services.js'

const log = getLogger('assessments')

const body = {
  type: 'object',
  required: ['user_id', 'skill_area'],
  properties: {
    user_id: { type: 'string', pattern: ID },
    skill_area: { type: 'string', enum: SKILL_AREAS },
  },
}

export function startAssessment(app: FastifyInstance, { pool }: Services): void {
  app.post<{ Body: { user_id: string; skill_area: SkillArea } }>(
    '/assessments',
    { schema: { body } },
    async (request, reply) => {
      const { user_id, skill_area } = request.body
      bindContext({ user_id, skill_area })
      const assessment_id = `a_${randomBytes(6).toString('hex')}`
      const { rowCount } = await pool.query(
        `insert into assessments (assessment_id, user_id, skill_area)
         select $1, user_id, $3 from users where user_id = $2`,
        [assessment_id, user_id, skill_area],
      )
      if (rowCount === 0) {
        reply.code(404)
        return log.skip('assessment_start_skipped', { reason: 'user_not_found' }, { error: 'user_not_found' })
      }
      const questions = await listQuestions(pool, skill_area)
      log.info('assessment_started', { assessment_id, questions: questions.length })
      reply.code(201)
      return { assessment_id, user_id, skill_area, status: 'started', questions }
    },
  )
}
