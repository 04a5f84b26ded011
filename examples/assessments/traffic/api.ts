import type { Call } from './client.js'
import type { Session } from './visit.js'

export const SKILL_AREAS = ['math', 'reading', 'science'] as const
export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'

export interface Started {
  id: string
  questions: { id: string; options: string[] }[]
}

/** The calls that the service answers, each with its route template and every status it can have. */
export const api = {
  login: (userId: string, password: string, expect: number[]): Call => ({
    method: 'POST',
    path: '/login',
    route: '/login',
    json: { user_id: userId, password },
    expect,
  }),
  reset: (token: string): Call => ({
    method: 'GET',
    path: `/reset/${token}`,
    route: '/reset/:token',
    expect: [410],
  }),
  start: (userId: string, skillArea: string): Call => ({
    method: 'POST',
    path: '/assessments',
    route: '/assessments',
    json: { user_id: userId, skill_area: skillArea },
    expect: [201],
  }),
  read: (id: string): Call => ({
    method: 'GET',
    path: `/assessments/${id}`,
    route: '/assessments/:id',
    expect: [200],
  }),
  list: (userId: string, limit: number): Call => ({
    method: 'GET',
    path: `/users/${userId}/assessments?limit=${limit}`,
    route: '/users/:id/assessments',
    expect: [200],
  }),
  answer: (id: string, questionId: string, answer: unknown): Call => ({
    method: 'PUT',
    path: `/assessments/${id}/answers/${questionId}`,
    route: '/assessments/:id/answers/:question_id',
    json: { answer },
    expect: [200],
  }),
  submit: (id: string, expect: number[] = [200]): Call => ({
    method: 'POST',
    path: `/assessments/${id}/submit`,
    route: '/assessments/:id/submit',
    expect,
  }),
  retake: (id: string, userId: string, expect: number[] = [200, 500]): Call => ({
    method: 'POST',
    path: `/assessments/${id}/retake`,
    route: '/assessments/:id/retake',
    json: { user_id: userId },
    expect,
  }),
  pay: (id: string, body: object, expect: number[] = [200, 402, 502]): Call => ({
    method: 'POST',
    path: `/assessments/${id}/pay`,
    route: '/assessments/:id/pay',
    json: body,
    expect,
  }),
}

/** Starts an assessment; nothing when it did not start. */
export async function startAssessment(
  client: Session,
  userId: string,
  skillArea: string,
): Promise<Started | undefined> {
  const answer = await client.send(api.start(userId, skillArea))
  if (answer.status !== 201) return undefined
  const body = answer.body as {
    assessment_id: string
    questions: { question_id: string; options: string[] }[]
  }
  return {
    id: body.assessment_id,
    questions: body.questions.map(({ question_id, options }) => ({ id: question_id, options })),
  }
}
