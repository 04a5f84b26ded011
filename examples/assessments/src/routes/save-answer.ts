import type { FastifyInstance } from 'fastify'
import { bindContext, getLogger } from 'telltale'
import { findAssessment, listQuestions } from '../assessment.js'
import type { Services } from './services.js'

const log = getLogger('answers')

const body = {
  type: 'object',
  required: ['answer'],
  // PostgreSQL has no text with a NUL in it.
  properties: { answer: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$' } },
}

export function saveAnswer(app: FastifyInstance, { pool }: Services): void {
  app.put<{ Params: { id: string; question_id: string }; Body: { answer: string } }>(
    '/assessments/:id/answers/:question_id',
    { schema: { body } },
    async (request, reply) => {
      const { id: assessment_id, question_id } = request.params
      bindContext({ assessment_id, question_id })
      const skip = (status: number, reason: string): { error: string } => {
        reply.code(status)
        return log.skip('save_answer_skipped', { reason }, { error: reason })
      }
      const assessment = await findAssessment(pool, assessment_id)
      if (!assessment) return skip(404, 'assessment_not_found')
      const questions = await listQuestions(pool, assessment.skill_area)
      if (!questions.some((question) => question.question_id === question_id))
        return skip(422, 'invalid_question')
      // One statement asks and writes, so that no answer slips in after the submit.
      const { rowCount } = await pool.query(
        `insert into answers (assessment_id, question_id, answer)
         select assessment_id, $2, $3 from assessments where assessment_id = $1 and status = 'started'
         on conflict (assessment_id, question_id) do update set answer = excluded.answer`,
        [assessment_id, question_id, request.body.answer],
      )
      if (rowCount === 0) return skip(409, 'already_submitted')
      log.info('answer_saved')
      return { saved: true }
    },
  )
}
