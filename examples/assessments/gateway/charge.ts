import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { counter, getLogger } from 'telltale'
import { numberFrom } from '../src/environment.js'
import { nextOutcome } from './outcome.js'

export interface Charge {
  amount: number
  currency: string
  card_number: string
  cvv: string
}
export interface Answer {
  status: number
  body: object
}

const log = getLogger('charges')
const charges = counter('charges_total', {
  help: 'Charges asked for, by outcome.',
  labels: { outcome: ['paid', 'declined', 'failed', 'late'] },
})
const MOST_REMEMBERED = 10_000
const remembered = new Map<string, Answer>()
const LATE_MS = numberFrom('LATE_MS', 5_000)

export function isCharge(value: unknown): value is Charge {
  const { amount, currency, card_number, cvv } = (value ?? {}) as Partial<Record<keyof Charge, unknown>>
  return (
    typeof amount === 'number' && [currency, card_number, cvv].every((field) => typeof field === 'string')
  )
}

/** A charge asked for again under the same key is answered as before, and charges nothing; one that failed is tried anew. */
export async function chargeOnce(
  key: string | undefined,
  request: Charge,
  signal: AbortSignal,
): Promise<Answer> {
  const before = key === undefined ? undefined : remembered.get(key)
  if (before) return log.skip('charge_skipped', { reason: 'already_answered' }, before)
  const answer = await charge(request, signal)
  if (key !== undefined && answer.status < 500) {
    remembered.set(key, answer)
    const [oldest = key] = remembered.keys()
    if (remembered.size > MOST_REMEMBERED) remembered.delete(oldest)
  }
  return answer
}

/** Charges a card, or does what payment gateways do: declines, fails, answers far too late. */
async function charge(request: Charge, signal: AbortSignal): Promise<Answer> {
  const { amount, currency } = request
  const outcome = nextOutcome()
  charges.inc({ outcome })
  if (outcome === 'declined') {
    return log.skip(
      'charge_skipped',
      { reason: 'card_declined', amount, currency },
      { status: 402, body: { error: 'card_declined' } },
    )
  }
  if (outcome === 'failed') {
    // As careless as the real ones: what was sent comes back in the message.
    const message = `processor gave up on card_number=${request.card_number} cvv=${request.cvv}`
    log.error('charge_failed', { amount, currency, error: new Error(message) })
    return { status: 500, body: { error: 'processor_error', message } }
  }
  if (outcome === 'late') await wait(LATE_MS, undefined, { signal })
  const payment_id = `p_${randomBytes(6).toString('hex')}`
  log.info('charge_completed', { payment_id, amount, currency })
  return { status: 200, body: { payment_id } }
}
