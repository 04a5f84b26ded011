import type { Pool } from 'pg'
import type { SkillArea } from './skill-area.js'

export interface Assessment {
  assessment_id: string
  user_id: string
  skill_area: SkillArea
  status: 'started' | 'submitted'
  attempt: number
  score: number | null
  started_at: Date
}
export interface Question {
  question_id: string
  text: string
  options: string[]
}

/** Ids as this service makes them. A path can hold anything, a NUL too, which PostgreSQL refuses as an error. */
export const ID = '^[A-Za-z0-9_-]{1,64}$'
const isId = (text: string): boolean => new RegExp(ID).test(text)

export async function findAssessment(pool: Pool, assessmentId: string): Promise<Assessment | undefined> {
  if (!isId(assessmentId)) return undefined
  const { rows } = await pool.query<Assessment>(
    `select assessment_id, user_id, skill_area, status, attempt, score, started_at
     from assessments where assessment_id = $1`,
    [assessmentId],
  )
  return rows[0]
}

/** The user's assessments, the latest first. */
export async function listAssessments(pool: Pool, userId: string, limit: number): Promise<Assessment[]> {
  if (!isId(userId)) return []
  const { rows } = await pool.query<Assessment>(
    `select assessment_id, user_id, skill_area, status, attempt, score, started_at
     from assessments where user_id = $1 order by started_at desc limit $2`,
    [userId, limit],
  )
  return rows
}

export async function listQuestions(pool: Pool, skillArea: SkillArea): Promise<Question[]> {
  const { rows } = await pool.query<Question>(
    'select question_id, text, options from questions where skill_area = $1 order by position',
    [skillArea],
  )
  return rows
}
