import type { Scenario } from '../visit.js'
import { aborter } from './aborter.js'
import { badInput } from './bad-input.js'
import { burst } from './burst.js'
import { duplicate } from './duplicate.js'
import { hostile } from './hostile.js'
import { learner } from './learner.js'
import { payer } from './payer.js'
import { returning } from './returning.js'
import { scanner } from './scanner.js'
import { secrets } from './secrets.js'

export interface Weighted {
  /** Its share among the visits. */
  weight: number
  run: Scenario
}

/** Every way of visiting the service. */
export const scenarios = {
  learner: { weight: 8, run: learner },
  returning: { weight: 4, run: returning },
  payer: { weight: 5, run: payer },
  duplicate: { weight: 4, run: duplicate },
  badInput: { weight: 1, run: badInput },
  scanner: { weight: 1, run: scanner },
  secrets: { weight: 2, run: secrets },
  hostile: { weight: 2, run: hostile },
  aborter: { weight: 2, run: aborter },
  burst: { weight: 1, run: burst },
} satisfies Record<string, Weighted>

export type ScenarioName = keyof typeof scenarios
