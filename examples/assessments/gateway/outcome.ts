import { numberFrom } from '../src/environment.js'
import { seededRandom } from '../src/random.js'

export type Outcome = 'paid' | 'declined' | 'failed' | 'late'

const RATE = { max: 1 }
const rates: [Outcome, number][] = [
  ['declined', numberFrom('DECLINE_RATE', 0.1, RATE)],
  ['failed', numberFrom('FAIL_RATE', 0.05, RATE)],
  ['late', numberFrom('TIMEOUT_RATE', 0.05, RATE)],
]
const random = seededRandom(numberFrom('SEED', 1))

/** What becomes of the next charge: the same series for the same SEED. */
export function nextOutcome(): Outcome {
  let draw = random()
  for (const [outcome, rate] of rates) {
    if (draw < rate) return outcome
    draw -= rate
  }
  return 'paid'
}
