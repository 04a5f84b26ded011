import { Metrics, type Metric } from '../metric.js'
import { PromQL, quoted } from '../promql.js'
import { layOut, rowHeight, type Spot } from './layout.js'
import { datasource, drawPanel, type GrafanaPanel } from './panel.js'
import type { Row } from './row.js'
import { flows } from './rows/flows.js'
import { health } from './rows/health.js'
import { itself } from './rows/itself.js'
import { outbound } from './rows/outbound.js'
import { own } from './rows/own.js'
import { process } from './rows/process.js'
import { queries } from './rows/queries.js'
import { requests } from './rows/requests.js'

// The last shows what no other has taken.
const rows = [requests, outbound, flows, queries, health, process, itself, own]
// Of Grafana 10.2: what is generated needs nothing newer, and later versions migrate it when they load it.
const schemaVersion = 39
const maxId = 1_000_000

export interface DashboardOptions {
  readonly title: string
  readonly uid: string
  /** The job that is chosen when the dashboard opens; all of them if undefined. */
  readonly job: string | undefined
  readonly errorRatio: number
  readonly flowFailureRatio: number
}

export type Dashboard = ReturnType<typeof makeDashboard>

/** A Grafana dashboard of these metrics. The same metrics and options give the same dashboard, ids included. */
export function makeDashboard(metrics: readonly Metric[], options: DashboardOptions) {
  const { title, uid, job, errorRatio, flowFailureRatio } = options
  const scope = { selector: 'job=~"$job", instance=~"$instance"', range: '$__rate_interval' }
  const subject = { metrics: new Metrics(metrics), promql: new PromQL(scope), errorRatio, flowFailureRatio }
  return {
    uid,
    title,
    description:
      'Made by telltale generate dashboard from the metric definitions. Make it anew rather than edit it.',
    tags: ['telltale'],
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    schemaVersion,
    templating: { list: variables(metrics, job) },
    annotations: { list: [] },
    links: [],
    panels: draw(rows.map((row) => row(subject))),
  }
}

/** What a test asks a Prometheus that has scraped the service, and demands data for. */
export interface Expression {
  /** The row and the panel it stands in. */
  readonly panel: string
  readonly expr: string
}

/** Every expression of a dashboard with its variables filled in: one job, all of its instances. */
export function expressionsOf(
  { panels }: { readonly panels: Dashboard['panels'] },
  { job, range }: { readonly job: string; readonly range: string },
): readonly Expression[] {
  let row = ''
  return panels.flatMap((panel) => {
    if (!('targets' in panel)) {
      row = panel.title
      return []
    }
    return panel.targets.map(({ expr }) => ({
      panel: `${row}: ${panel.title}`,
      expr: expr
        .replaceAll('job=~"$job"', `job=${quoted(job)}`)
        .replaceAll('"$instance"', '".+"')
        .replaceAll('$__rate_interval', range),
    }))
  })
}

interface GrafanaRow {
  readonly id: number
  readonly type: 'row'
  readonly title: string
  readonly collapsed: false
  readonly gridPos: Spot
  readonly panels: readonly never[]
}

function draw(rows: readonly Row[]): readonly (GrafanaPanel | GrafanaRow)[] {
  const idOf = createIds()
  const panels: (GrafanaPanel | GrafanaRow)[] = []
  let top = 0
  for (const { title, groups } of rows) {
    const filled = groups.filter((group) => group.length > 0)
    if (filled.length === 0) continue
    const gridPos = { x: 0, y: top, w: 24, h: rowHeight }
    panels.push({ id: idOf(`row/${title}`), type: 'row', title, collapsed: false, gridPos, panels: [] })
    top += rowHeight
    for (const group of filled) {
      const { spots, end } = layOut(group.length, group[0]!.type, top)
      top = end
      for (const [index, panel] of group.entries())
        panels.push(drawPanel(panel, idOf(panel.key), spots[index]!))
    }
  }
  return panels
}

/** Ids from keys (FNV-1a), the next free one where two meet. */
function createIds(): (key: string) => number {
  const given = new Set<number>()
  return (key) => {
    let hash = 0x811c9dc5
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    let id = ((hash >>> 0) % maxId) + 1
    while (given.has(id)) id++
    given.add(id)
    return id
  }
}

function variables(metrics: readonly Metric[], job: string | undefined) {
  const series = lister(metrics)
  return [
    {
      type: 'datasource',
      name: 'datasource',
      label: 'Data source',
      query: 'prometheus',
      current: { text: 'default', value: 'default' },
      refresh: 1,
      regex: '',
      hide: 0,
      includeAll: false,
      multi: false,
      options: [],
    },
    variable('job', 'Job', `label_values(${series}, job)`, job),
    variable('instance', 'Instance', `label_values(${series}{job=~"$job"}, instance)`, undefined),
  ]
}

function variable(name: string, label: string, query: string, chosen: string | undefined) {
  return {
    type: 'query',
    name,
    label,
    datasource,
    definition: query,
    query: { qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' },
    current:
      chosen === undefined ? { text: ['All'], value: ['$__all'] } : { text: [chosen], value: [chosen] },
    // Asked anew when the time range changes: instances come and go.
    refresh: 2,
    sort: 1,
    regex: '',
    hide: 0,
    includeAll: true,
    allValue: '.+',
    multi: true,
    options: [],
  }
}

/** A series that every instance has, and hardly anything but a service; else the first that there is. */
function lister(metrics: readonly Metric[]): string {
  const names = ['nodejs_version_info', 'log_events_total', 'process_start_time_seconds']
  const found = names.find((name) => metrics.some((metric) => metric.name === name))
  if (found !== undefined) return found
  return metrics.map(seriesOf).sort()[0] ?? 'up'
}

function seriesOf({ name, type, isClassic }: Metric): string {
  return type === 'summary' || isClassic ? `${name}_count` : name
}
