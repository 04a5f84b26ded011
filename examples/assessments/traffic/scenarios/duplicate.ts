import { api, SKILL_AREAS, startAssessment } from '../api.js'
import type { Scenario } from '../visit.js'

/** A nervous finger submits twice at once: one submission counts, the other is told so. Then all over again. */
export const duplicate: Scenario = async ({ client, together, random, userId, think }) => {
  const started = await startAssessment(client, userId, random.pick(SKILL_AREAS))
  if (!started) return
  for (const question of started.questions) {
    await client.send(api.answer(started.id, question.id, question.options[0] ?? 'none'))
  }
  await think()
  const submit = api.submit(started.id, [200, 409])
  const statuses = (await together([submit, submit])).map((answer) => answer.status)
  if (statuses.filter((status) => status === 200).length !== 1) {
    throw new Error(`two submits of one assessment were answered ${statuses.join(' and ')}, not 200 and 409`)
  }
  const late = started.questions[0]
  if (late) await client.send({ ...api.answer(started.id, late.id, 'too late'), expect: [409] })
  await think()
  await client.send(api.retake(started.id, userId))
}
