import { api, SKILL_AREAS, startAssessment } from '../api.js'
import type { Scenario } from '../visit.js'

/** A client on a bad line leaves in the middle of its own body, or before the answer came. */
export const aborter: Scenario = async ({ client, random, userId, think }) => {
  const started = await startAssessment(client, userId, random.pick(SKILL_AREAS))
  const question = started?.questions[0]
  if (!started || !question) return
  const answer = api.answer(started.id, question.id, question.options[0] ?? 'none')
  await client.abort(answer, 'in_body')
  await think()
  await client.abort(api.list(userId, 5), random.int(0, 3))
  await client.abort(answer, random.int(0, 10))
  await think()
  await client.send({ ...answer, expect: [200] })
}
