import { DEMO_PASSWORD } from '../../src/seed.js'
import { api } from '../api.js'
import type { Scenario } from '../visit.js'

/** A user logs in, mistypes the password first now and then, and looks at earlier assessments. */
export const returning: Scenario = async ({ client, random, canaries, userId, think }) => {
  if (random.chance(0.7)) {
    await client.send(api.login(userId, canaries.plant('body_password'), [401]))
    await think()
  }
  await client.send(api.login(userId, DEMO_PASSWORD, [200]))
  await think()
  const list = await client.send(api.list(userId, random.int(1, 5)))
  const earlier = firstId(list.body)
  if (earlier === undefined) return
  await think()
  await client.send(api.read(earlier))
}

function firstId(body: unknown): string | undefined {
  const list = Array.isArray(body) ? body : (body as { assessments?: unknown } | undefined)?.assessments
  const first = Array.isArray(list) ? (list[0] as { assessment_id?: unknown } | undefined) : undefined
  return typeof first?.assessment_id === 'string' ? first.assessment_id : undefined
}
