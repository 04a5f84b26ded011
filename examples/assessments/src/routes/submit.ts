import type { FastifyInstance } from 'fastify'
import { bindContext, counter, getLogger, summary } from 'telltale'
import { findAssessment } from '../assessment.js'
import { SKILL_AREAS } from '../skill-area.js'
import type { Services } from './services.js'

const PASSING_SHARE = 0.6
const log = getLogger('assessments')
const submissions = counter('assessment_submissions_total', {
  help: 'Assessment submissions by outcome.',
  labels: { skill_area: SKILL_AREAS, status: ['success', 'validation_error', 'duplicate'] },
})
const scores = summary('assessment_score_ratio', {
  help: 'Share of the questions answered right, of what was submitted.',
  labels: { skill_area: SKILL_AREAS },
})

// Every question of the skill area, beside its answer if there is one.
const COUNTS = `
  select count(*)::int as questions, count(answer)::int as answered,
         count(*) filter (where answer = correct)::int as score
  from assessments join questions using (skill_area) left join answers using (assessment_id, question_id)
  where assessment_id = $1`

export function submit(app: FastifyInstance, { pool }: Services): void {
  app.post<{ Params: { id: string } }>('/assessments/:id/submit', async (request, reply) => {
    const assessment_id = request.params.id
    bindContext({ assessment_id })
    const skip = (status: number, reason: string, fields?: object): { error: string } => {
      reply.code(status)
      return log.skip('submit_skipped', { reason, ...fields }, { error: reason })
    }
    const assessment = await findAssessment(pool, assessment_id)
    if (!assessment) return skip(404, 'assessment_not_found')
    const { skill_area, user_id, attempt } = assessment
    bindContext({ user_id, skill_area })

    const { rows } = await pool.query<{ questions: number; answered: number; score: number }>(COUNTS, [
      assessment_id,
    ])
    const { questions = 0, answered = 0, score = 0 } = rows[0] ?? {}
    if (assessment.status === 'started' && answered < questions) {
      submissions.inc({ skill_area, status: 'validation_error' })
      return skip(422, 'unanswered_questions', { answered, questions })
    }
    // Of two submits at once, one changes the row.
    const { rowCount } = await pool.query(
      `update assessments set status = 'submitted', score = $2 where assessment_id = $1 and status = 'started'`,
      [assessment_id, score],
    )
    if (rowCount === 0) {
      submissions.inc({ skill_area, status: 'duplicate' })
      return skip(409, 'already_submitted')
    }
    const passed = score >= questions * PASSING_SHARE
    submissions.inc({ skill_area, status: 'success' })
    scores.observe({ skill_area }, score / questions)
    log.info('assessment_submitted', { score, passed, attempt })
    return { score, passed, status: 'submitted' }
  })
}
