import { api, SKILL_AREAS, startAssessment, UNKNOWN_ID } from '../api.js'
import type { Scenario } from '../visit.js'

/** A user pays for an assessment, tries again after a refusal, and sends the card in the ways people write one. */
export const payer: Scenario = async ({ client, random, canaries, userId, think }) => {
  const started = await startAssessment(client, userId, random.pick(SKILL_AREAS))
  if (!started) return
  const payment = {
    amount: random.int(5, 90) * 100,
    currency: random.pick(['EUR', 'USD', 'GBP']),
    card_number: canaries.plant('body_card_number'),
    cvv: String(random.int(100, 999)),
  }
  await think()
  const paid = await client.send(api.pay(started.id, payment))
  if (paid.status !== 200) {
    await think()
    await client.send(api.pay(started.id, payment))
  }
  if (random.chance(0.5)) {
    const odd = { ...payment, cvv: canaries.plant('body_cvv'), amount: -1 }
    await client.send(api.pay(started.id, odd, [400, 422]))
  } else {
    const spaced = canaries.plant('body_card_spaced').replace(/(\d{4})(?=\d)/g, '$1 ')
    await client.send(api.pay(UNKNOWN_ID, { ...payment, card_number: spaced }, [404, 422]))
  }
}
