import { sum } from '../../promql.js'
import type { Panel, Target } from '../panel.js'
import { percentiles, type Row, type Subject } from '../row.js'

const connections = [
  ['db_active_connections', 'in use'],
  ['db_idle_connections', 'idle'],
  ['db_waiting_requests', 'waiting for one'],
] as const

/** What the service asks of its databases, and the pools it asks through. */
export function queries({ metrics, promql }: Subject): Row {
  const duration = metrics.take('db_query_duration_seconds', 'histogram', ['system', 'query_type'])
  const panels: Panel[] = []
  if (duration !== undefined) {
    const { name, help } = duration
    const kind = ['system', 'query_type']
    const legend = '{{system}} {{query_type}}'
    panels.push(
      {
        key: `${name}/rate`,
        title: 'Queries',
        description: 'Queries by database system and kind of statement.',
        type: 'timeseries',
        unit: 'ops',
        targets: [{ expr: promql.observations(duration, kind), legend }],
      },
      {
        key: `${name}/quantiles`,
        title: 'Duration of queries',
        description: help,
        type: 'timeseries',
        unit: 's',
        targets: percentiles.map(([q, label]) => ({
          expr: promql.quantile(q, duration),
          legend: label,
          exemplar: true,
        })),
      },
      {
        key: `${name}/p95-by-kind`,
        title: 'Duration of queries by kind, p95',
        description: help,
        type: 'timeseries',
        unit: 's',
        targets: [{ expr: promql.quantile(0.95, duration, kind), legend, exemplar: true }],
      },
    )
  }
  const targets = connections.flatMap(([name, what]): readonly Target[] =>
    metrics.take(name, 'gauge', ['system', 'pool']) === undefined
      ? []
      : [{ expr: sum(['pool'], promql.series(name)), legend: `{{pool}} ${what}` }],
  )
  if (targets.length > 0)
    panels.push({
      key: 'db_connections',
      title: 'Connections',
      description: 'Connections of each pool, and callers that wait for one.',
      type: 'timeseries',
      unit: 'short',
      targets,
    })
  return { title: 'Database queries', groups: [panels] }
}
