import { droppedCounts } from '../self/dropped.js'
import { observed } from './observed.js'

/** What Telltale itself degraded or lost, by signal and reason. */
export const droppedFamily = observed({
  type: 'counter',
  name: 'telltale_dropped_total',
  help: 'What Telltale dropped or degraded, by signal and reason.',
  labels: ['signal', 'reason'],
  *read() {
    for (const { signal, reason, count } of droppedCounts()) yield [{ signal, reason }, count] as const
  },
})
