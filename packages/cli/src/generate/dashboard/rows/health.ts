import type { Panel } from '../panel.js'
import type { Row, Subject } from '../row.js'

/** Whether the service is ready, and which of its checks say otherwise. */
export function health({ metrics, promql }: Subject): Row {
  const ready = metrics.take('health_ready', 'gauge')
  const up = metrics.take('health_check_up', 'gauge', ['check'])
  const duration = metrics.take('health_check_duration_seconds', 'histogram', ['check'])
  const stats: Panel[] = []
  const graphs: Panel[] = []
  if (ready !== undefined)
    stats.push({
      key: `${ready.name}/now`,
      title: 'Ready',
      description: ready.help,
      type: 'stat',
      unit: 'short',
      targets: [{ expr: promql.series(ready.name), legend: '{{instance}}' }],
      states: { 0: 'Not ready', 1: 'Ready' },
    })
  if (up !== undefined) {
    const expr = `min by (check) (${promql.series(up.name)})`
    stats.push({
      key: `${up.name}/now`,
      title: 'Checks',
      description: `${up.help} Failing where it fails on any instance.`,
      type: 'stat',
      unit: 'short',
      targets: [{ expr, legend: '{{check}}' }],
      states: { 0: 'Failing', 1: 'Passing' },
    })
    graphs.push({
      key: `${up.name}/share`,
      title: 'Passing checks',
      description: 'Share of the instances on which each check passes.',
      type: 'timeseries',
      unit: 'percentunit',
      targets: [{ expr: `avg by (check) (${promql.series(up.name)})`, legend: '{{check}}' }],
    })
  }
  if (duration !== undefined)
    graphs.push({
      key: `${duration.name}/p95`,
      title: 'Duration of checks, p95',
      description: duration.help,
      type: 'timeseries',
      unit: 's',
      targets: [{ expr: promql.quantile(0.95, duration, ['check']), legend: '{{check}}' }],
    })
  return { title: 'Health', groups: [stats, graphs] }
}
