import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { bindContext, flow, getLogger } from 'telltale'
import { ID, findAssessment } from '../assessment.js'
import { drillRetake } from '../drill.js'
import type { Services } from './services.js'

const log = getLogger('assessments')
const retakeFlow = flow.define('retake', {
  steps: ['load_completed', 'clear_answers', 'enable_retake'],
  expectMs: { clear_answers: 500 },
})

const body = {
  type: 'object',
  required: ['user_id'],
  properties: { user_id: { type: 'string', pattern: ID } },
}

export function retake(app: FastifyInstance, { pool }: Services): void {
  app.post<{ Params: { id: string }; Body: { user_id: string } }>(
    '/assessments/:id/retake',
    { schema: { body } },
    async (request, reply) => {
      const assessment_id = request.params.id
      const { user_id } = request.body
      bindContext({ assessment_id })
      const skip = (status: number, error: string, reason = error): { error: string } => {
        reply.code(status)
        return log.skip('retake_skipped', { reason }, { error })
      }
      const assessment = await findAssessment(pool, assessment_id)
      if (!assessment) return skip(404, 'assessment_not_found')
      // What belongs to others isn't there; only the log says why.
      if (assessment.user_id !== user_id) return skip(404, 'assessment_not_found', 'not_the_owner')
      // Nothing has begun yet: a retake that can't start is a handled case, not a failed flow.
      if (assessment.status !== 'submitted') return skip(409, 'not_submitted')

      return retakeFlow({ user_id, assessment_id }, async (f) => {
        const completed = await f.step('load_completed', () => loadCompleted(pool, assessment_id))
        if (!completed) return skip(409, 'not_submitted', 'retaken_elsewhere')
        await f.step('clear_answers', () => clearAnswers(pool, assessment_id), { attempts: 2 })
        // Of two retakes at once, one changes the row.
        const enabled = await f.step('enable_retake', () => enableRetake(pool, assessment_id))
        if (!enabled) return skip(409, 'not_submitted', 'retaken_elsewhere')
        log.info('retake_enabled', { previous_score: completed.score, attempt: completed.attempt + 1 })
        return { status: 'started', flow_id: f.id }
      })
    },
  )
}

async function loadCompleted(
  pool: Pool,
  assessmentId: string,
): Promise<{ score: number; attempt: number } | undefined> {
  const { rows } = await pool.query<{ score: number; attempt: number }>(
    `select score, attempt from assessments where assessment_id = $1 and status = 'submitted'`,
    [assessmentId],
  )
  return rows[0]
}

// Each step can be done again, so that a retake that broke half-way is finished by the next one. It asks for the status
// itself: when another retake has already won, the answers are those of the next attempt.
async function clearAnswers(pool: Pool, assessmentId: string): Promise<void> {
  drillRetake()
  const { rowCount } = await pool.query(
    `delete from answers using assessments
     where answers.assessment_id = $1 and assessments.assessment_id = $1 and status = 'submitted'`,
    [assessmentId],
  )
  log.debug('answers_cleared', { count: rowCount })
}

async function enableRetake(pool: Pool, assessmentId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update assessments set status = 'started', score = null, attempt = attempt + 1
     where assessment_id = $1 and status = 'submitted'`,
    [assessmentId],
  )
  return rowCount === 1
}
