import { numberFrom } from '../src/environment.js'
import { seededRandom } from '../src/random.js'

export type Outcome = 'paid' | 'declined' | 'failed' | 'late'

const RATE = { max: 1 }
const rates: [Outcome, number][] = [
  ['failed', numberFrom('FAIL_RATE', 0.05, RATE)],
  ['declined', numberFrom('DECLINE_RATE', 0.1, RATE)],
  ['late', numberFrom('TIMEOUT_RATE', 0.05, RATE)],
]
const possible = rates.filter(([, rate]) => rate > 0).map(([outcome]) => outcome)
// With FAULTS_FIRST, a demonstration of seconds shows every way to fail: each comes once before the rates decide.
const first: Outcome[] = process.env.FAULTS_FIRST === '1' ? possible : []
const random = seededRandom(numberFrom('SEED', 1))

/** What becomes of the next charge: the same series for the same SEED. */
export function nextOutcome(): Outcome {
  const shown = first.shift()
  if (shown) return shown
  let draw = random()
  for (const [outcome, rate] of rates) {
    if (draw < rate) return outcome
    draw -= rate
  }
  return 'paid'
}
