import { api, SKILL_AREAS, startAssessment, UNKNOWN_ID } from '../api.js'
import type { Scenario } from '../visit.js'

const REFUSED = [400, 422]

/** Clients with defects: malformed JSON with secrets in it, wrong types, things that do not exist. */
export const badInput: Scenario = async ({ client, random, canaries, userId, think }) => {
  const login = api.login(userId, '', [400])
  const unclosed = `{"user_id":"${userId}","password":"${canaries.plant('malformed_password')}"`
  await client.send({ ...login, json: undefined, text: unclosed })
  await client.send({ ...login, json: undefined, text: `{"p":${canaries.plant('malformed_short')}}` })
  await client.send({
    ...login,
    json: { password: { value: canaries.plant('body_wrong_type') } },
    expect: REFUSED,
  })
  await think()
  await client.send({ ...api.start(canaries.plant('body_user_id'), 'math'), expect: [404, ...REFUSED] })
  await client.send({ ...api.start(userId, canaries.plant('body_skill_area')), expect: REFUSED })
  await client.send({ ...api.start('u_none', 'math'), expect: [404] })
  await client.send({ ...api.read(UNKNOWN_ID), expect: [404] })
  await client.send({ ...api.read(canaries.plant('path_id')), expect: [404, ...REFUSED] })
  await think()
  const started = await startAssessment(client, userId, random.pick(SKILL_AREAS))
  if (!started) return
  await client.send({ ...api.answer(started.id, 'q_none', 'a'), expect: [422] })
  await client.send(api.submit(started.id, [422]))
  await client.send(api.retake(started.id, userId, [409]))
  const first = started.questions[0]
  if (!first) return
  for (const answer of [canaries.plant('body_answer_pem'), canaries.plant('body_answer_bearer'), 7, null]) {
    await client.send({ ...api.answer(started.id, first.id, answer), expect: [200, ...REFUSED] })
  }
  const pay = api.pay(started.id, {}, [400])
  const card = `{"card_number": "${canaries.plant('malformed_card')}", "cvv": 123,}`
  await client.send({ ...pay, json: undefined, text: card })
  const nested = { profile: { credentials: [{ name: 'api_key', value: canaries.plant('body_nested') }] } }
  await client.send({ ...pay, json: nested, expect: REFUSED })
}
