import { ownPanels } from '../own-panels.js'
import type { Panel } from '../panel.js'
import type { Row, Subject } from '../row.js'

/** Every metric that no other row has shown: those that the service defines itself. */
export function own({ metrics, promql }: Subject): Row {
  const single: Panel[] = []
  const groups: (readonly Panel[])[] = [single]
  for (const metric of metrics.takeRest([''])) {
    const panels = ownPanels(metric, promql)
    // The panels of one histogram stand side by side.
    if (panels.length > 1) groups.push(panels)
    else single.push(...panels)
  }
  return { title: 'Own metrics', groups }
}
