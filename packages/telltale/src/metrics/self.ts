import { droppedCounts } from '../self/dropped.js'
import { observed } from './observed.js'

/** What Telltale itself degraded or lost, by signal and reason. */
export const droppedFamily = observed(
  'counter',
  'telltale_dropped_total',
  'What Telltale dropped or degraded, by signal and reason.',
  function* () {
    for (const { signal, reason, count } of droppedCounts()) yield [{ signal, reason }, count] as const
  },
)
