import { numberFrom } from './environment.js'
import { seededRandom } from './random.js'

const rate = numberFrom('FAULT_RETAKE_RATE', 0, { max: 1 })
// Of two retakes at once, each trying twice, one fails for certain.
let failures = process.env.FAULTS_FIRST === '1' && rate > 0 ? 3 : 0
const random = seededRandom(numberFrom('FAULT_SEED', 1))

/** Fails at the rate FAULT_RETAKE_RATE (0 unless set; FAULTS_FIRST=1: at first always), to practise finding out where a flow broke. */
export function drillRetake(): void {
  if (failures-- > 0 || random() < rate)
    throw new Error('could not clear the answers (a drill: FAULT_RETAKE_RATE is set)')
}
