import { api, SKILL_AREAS, startAssessment } from '../api.js'
import type { Scenario } from '../visit.js'

/** A user takes an assessment: answers one question after the other, forgets one now and then, submits, retakes. */
export const learner: Scenario = async ({ client, random, userId, think }) => {
  const started = await startAssessment(client, userId, random.pick(SKILL_AREAS))
  if (!started) return
  const forgotten = random.chance(0.3) ? started.questions.at(-1) : undefined
  for (const question of started.questions) {
    if (question === forgotten) continue
    await think()
    await client.send(api.answer(started.id, question.id, choice(question.options, random.next())))
  }
  if (forgotten) {
    await client.send(api.submit(started.id, [422]))
    await think()
    await client.send(api.answer(started.id, forgotten.id, choice(forgotten.options, random.next())))
  }
  await think()
  await client.send(api.submit(started.id))
  if (random.chance(0.4)) await client.send(api.read(started.id))
  if (random.chance(0.3)) return
  await think()
  const retaken = await client.send(api.retake(started.id, userId))
  if (retaken.status !== 500) return
  await think()
  await client.send(api.retake(started.id, userId))
}

const choice = (options: readonly string[], draw: number): string =>
  options[Math.floor(draw * options.length)] ?? 'none'
