import type { Backend } from './backend.js'

export interface Started {
  id: string
  path: string
  questions: { question_id: string; options: string[] }[]
}

/** Starts an assessment in math. */
export async function start({ call }: Backend, userId = 'u_1'): Promise<Started> {
  const { body } = await call('POST', '/assessments', { user_id: userId, skill_area: 'math' })
  const id = body['assessment_id'] as string
  return { id, path: `/assessments/${id}`, questions: body['questions'] as Started['questions'] }
}

/** Answers every question with its first option. */
export async function answerAll({ call }: Backend, { path, questions }: Started): Promise<void> {
  for (const { question_id, options } of questions) {
    await call('PUT', `${path}/answers/${question_id}`, { answer: options[0] })
  }
}
