import type { Row, Subject } from '../row.js'

// A call that got no answer has the status `error`.
const failed = 'status=~"5..|error"'

/** What the service asks of others. */
export function outbound({ metrics, promql }: Subject): Row {
  const calls = metrics.take('http_client_request_duration_seconds', 'histogram', ['host', 'status'])
  if (calls === undefined) return { title: '', groups: [] }
  const { name, help } = calls
  const ratio = `${promql.observations(calls, ['host'], failed)} / ${promql.observations(calls, ['host'])}`
  return {
    title: 'Outbound calls',
    groups: [
      [
        {
          key: `${name}/by-host`,
          title: 'Calls by host',
          description: help,
          type: 'timeseries',
          unit: 'reqps',
          targets: [{ expr: promql.observations(calls, ['host', 'status']), legend: '{{host}} {{status}}' }],
        },
        {
          key: `${name}/error-ratio-by-host`,
          title: 'Failed by host',
          description:
            'Share of calls answered with a 5xx status or not at all, of each host that has any such.',
          type: 'timeseries',
          unit: 'percentunit',
          targets: [{ expr: ratio, legend: '{{host}}' }],
        },
        {
          key: `${name}/p95-by-host`,
          title: 'Duration by host, p95',
          description: help,
          type: 'timeseries',
          unit: 's',
          targets: [{ expr: promql.quantile(0.95, calls, ['host']), legend: '{{host}}', exemplar: true }],
        },
      ],
    ],
  }
}
