import { sum } from '../../promql.js'
import type { Panel } from '../panel.js'
import { percentiles, type Row, type Subject } from '../row.js'

const failed = 'status=~"5.."'
const route = ['method', 'path']
const routeLegend = '{{method}} {{path}}'

/** Rate, errors and duration of what the service answers. */
export function requests({ metrics, promql, errorRatio }: Subject): Row {
  const total = metrics.take('http_requests_total', 'counter', ['method', 'path', 'status'])
  const duration = metrics.take('http_request_duration_seconds', 'histogram', ['method', 'path'])
  const inProgress = metrics.take('http_requests_in_progress', 'gauge', ['method'])
  const stats: Panel[] = []
  const graphs: Panel[] = []
  if (total !== undefined) {
    const { name } = total
    const all = promql.sumRate(name)
    // Before the first failure there is no series of one: that is a ratio of 0, not of nothing.
    const ratio = `(${promql.sumRate(name, [], failed)} or vector(0)) / ${all}`
    const ratioByRoute = `${promql.sumRate(name, route, failed)} / ${promql.sumRate(name, route)}`
    stats.push(
      {
        key: `${name}/rate`,
        title: 'Requests',
        description: total.help,
        type: 'stat',
        unit: 'reqps',
        targets: [{ expr: all, legend: 'requests' }],
      },
      {
        key: `${name}/error-ratio`,
        title: 'Failed',
        description: 'Share of requests answered with a 5xx status.',
        type: 'stat',
        unit: 'percentunit',
        targets: [{ expr: ratio, legend: 'failed' }],
        threshold: errorRatio,
      },
    )
    graphs.push(
      {
        key: `${name}/by-route`,
        title: 'Requests by route',
        description: total.help,
        type: 'timeseries',
        unit: 'reqps',
        targets: [{ expr: promql.sumRate(name, route), legend: routeLegend }],
      },
      {
        key: `${name}/by-status`,
        title: 'Requests by status',
        description: total.help,
        type: 'timeseries',
        unit: 'reqps',
        targets: [{ expr: promql.sumRate(name, ['status']), legend: '{{status}}' }],
        stacked: true,
      },
      {
        key: `${name}/error-ratio-by-route`,
        title: 'Failed by route',
        description:
          'Share of requests answered with a 5xx status: of all, and of each route that has any. The line is where the alert is.',
        type: 'timeseries',
        unit: 'percentunit',
        targets: [
          { expr: ratio, legend: 'all routes' },
          { expr: ratioByRoute, legend: routeLegend },
        ],
        threshold: errorRatio,
      },
    )
  }
  if (duration !== undefined) {
    const { name, help } = duration
    stats.push({
      key: `${name}/p95`,
      title: 'Duration, p95',
      description: help,
      type: 'stat',
      unit: 's',
      targets: [{ expr: promql.quantile(0.95, duration), legend: 'p95' }],
    })
    graphs.push({
      key: `${name}/quantiles`,
      title: 'Duration',
      description: help,
      type: 'timeseries',
      unit: 's',
      targets: percentiles.map(([q, legend]) => ({
        expr: promql.quantile(q, duration),
        legend,
        exemplar: true,
      })),
    })
    for (const [q, label] of percentiles)
      graphs.push({
        key: `${name}/${label}-by-route`,
        title: `Duration by route, ${label}`,
        description: help,
        type: 'timeseries',
        unit: 's',
        targets: [{ expr: promql.quantile(q, duration, route), legend: routeLegend, exemplar: true }],
      })
  }
  if (inProgress !== undefined) {
    const { name, help } = inProgress
    stats.push({
      key: `${name}/now`,
      title: 'In progress',
      description: help,
      type: 'stat',
      unit: 'short',
      targets: [{ expr: sum([], promql.series(name)), legend: 'in progress' }],
    })
    graphs.push({
      key: `${name}/by-method`,
      title: 'In progress',
      description: help,
      type: 'timeseries',
      unit: 'short',
      targets: [{ expr: sum(['method'], promql.series(name)), legend: '{{method}}' }],
    })
  }
  return { title: 'Requests', groups: [stats, graphs] }
}
