import { sum } from '../../promql.js'
import type { Panel } from '../panel.js'
import type { Row, Subject } from '../row.js'

const failed = 'outcome="failed"'

/** Multi-step operations: how they end, how long they and their steps take. */
export function flows({ metrics, promql, flowFailureRatio }: Subject): Row {
  const duration = metrics.take('flow_duration_seconds', 'histogram', ['flow', 'outcome'])
  const steps = metrics.take('flow_step_duration_seconds', 'histogram', ['flow', 'step'])
  const inProgress = metrics.take('flows_in_progress', 'gauge', ['flow'])
  const panels: Panel[] = []
  if (duration !== undefined) {
    const { name, help } = duration
    const ratio = `${promql.observations(duration, ['flow'], failed)} / ${promql.observations(duration, ['flow'])}`
    panels.push(
      {
        key: `${name}/by-outcome`,
        title: 'Flows by outcome',
        description: help,
        type: 'timeseries',
        unit: 'ops',
        targets: [
          { expr: promql.observations(duration, ['flow', 'outcome']), legend: '{{flow}} {{outcome}}' },
        ],
      },
      {
        key: `${name}/failure-ratio`,
        title: 'Failed flows',
        description: 'Share of flows that failed. The line is where the alert is.',
        type: 'timeseries',
        unit: 'percentunit',
        targets: [{ expr: ratio, legend: '{{flow}}' }],
        threshold: flowFailureRatio,
      },
      {
        key: `${name}/p95`,
        title: 'Duration of flows, p95',
        description: help,
        type: 'timeseries',
        unit: 's',
        targets: [{ expr: promql.quantile(0.95, duration, ['flow']), legend: '{{flow}}', exemplar: true }],
      },
    )
  }
  if (steps !== undefined) {
    const { name, help } = steps
    panels.push(
      {
        key: `${name}/rate`,
        title: 'Steps',
        description: 'How often each step was run: where a flow stops, the next step falls behind.',
        type: 'timeseries',
        unit: 'ops',
        targets: [{ expr: promql.observations(steps, ['flow', 'step']), legend: '{{flow}} {{step}}' }],
      },
      {
        key: `${name}/p95`,
        title: 'Duration of steps, p95',
        description: help,
        type: 'timeseries',
        unit: 's',
        targets: [
          {
            expr: promql.quantile(0.95, steps, ['flow', 'step']),
            legend: '{{flow}} {{step}}',
            exemplar: true,
          },
        ],
      },
    )
  }
  if (inProgress !== undefined) {
    const { name, help } = inProgress
    panels.push({
      key: `${name}/now`,
      title: 'Flows in progress',
      description: help,
      type: 'timeseries',
      unit: 'short',
      targets: [{ expr: sum(['flow'], promql.series(name)), legend: '{{flow}}' }],
    })
  }
  return { title: 'Flows', groups: [panels] }
}
