import { ownPanels } from '../own-panels.js'
import type { Panel } from '../panel.js'
import type { Row, Subject } from '../row.js'

/** What Telltale writes, and what it lost. */
export function itself({ metrics, promql }: Subject): Row {
  const events = metrics.take('log_events_total', 'counter', ['level', 'event'])
  const dropped = metrics.take('telltale_dropped_total', 'counter', ['signal', 'reason'])
  const panels: Panel[] = []
  if (events !== undefined) {
    const { name, help } = events
    panels.push(
      {
        key: `${name}/by-level`,
        title: 'Log events by level',
        description: help,
        type: 'timeseries',
        unit: 'ops',
        targets: [{ expr: promql.sumRate(name, ['level']), legend: '{{level}}' }],
        stacked: true,
      },
      {
        key: `${name}/errors`,
        title: 'Errors and warnings by event',
        description: help,
        type: 'timeseries',
        unit: 'ops',
        targets: [
          {
            expr: promql.sumRate(name, ['level', 'event'], 'level=~"warning|error|critical"'),
            legend: '{{level}} {{event}}',
          },
        ],
      },
    )
  }
  if (dropped !== undefined) {
    const { name, help } = dropped
    panels.push({
      key: `${name}/by-reason`,
      title: 'Dropped',
      description: help,
      type: 'timeseries',
      unit: 'ops',
      targets: [
        // Nothing dropped is no series, and should look like 0.
        { expr: `${promql.sumRate(name)} or vector(0)`, legend: 'all' },
        { expr: promql.sumRate(name, ['signal', 'reason']), legend: '{{signal}} {{reason}}' },
      ],
    })
  }
  const rest = metrics.takeRest(['telltale_', 'log_'])
  return { title: 'Telltale itself', groups: [[...panels, ...rest.flatMap((one) => ownPanels(one, promql))]] }
}
