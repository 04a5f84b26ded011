import { numberFrom } from './environment.js'
import { seededRandom } from './random.js'

const rate = numberFrom('FAULT_RETAKE_RATE', 0, { max: 1 })
const random = seededRandom(numberFrom('FAULT_SEED', 1))

/** Fails at the rate FAULT_RETAKE_RATE (0 unless set), to practise finding out where a flow broke. */
export function drillRetake(): void {
  if (random() < rate) throw new Error('could not clear the answers (a drill: FAULT_RETAKE_RATE is set)')
}
