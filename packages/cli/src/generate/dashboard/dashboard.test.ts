import { expect, test } from 'vitest'
import type { Metric } from '../metric.js'
import { own, standard } from '../standard.fixture.js'
import { expressionsOf, makeDashboard } from './dashboard.js'

const options = { title: 'A', uid: 'a', job: 'api', errorRatio: 0.05, flowFailureRatio: 0.1 }
const make = (metrics: readonly Metric[]) => makeDashboard(metrics, options)
const whole = make([...standard, ...own])

function rowsOf({ panels }: ReturnType<typeof make>) {
  return panels.filter(({ type }) => type === 'row').map(({ title }) => title)
}

function expressions(metrics: readonly Metric[]) {
  return expressionsOf(make(metrics), { job: 'api', range: '1m' }).map(({ expr }) => expr)
}

test('has a row for each part of the service', () => {
  expect(rowsOf(whole)).toEqual([
    'Requests',
    'Outbound calls',
    'Flows',
    'Database queries',
    'Health',
    'Process',
    'Telltale itself',
    'Own metrics',
  ])
})

test('has only the rows whose metrics are there', () => {
  expect(rowsOf(make(standard.filter(({ name }) => name.startsWith('health_'))))).toEqual(['Health'])
  expect(rowsOf(make(own))).toEqual(['Own metrics'])
})

test('shows every metric somewhere', () => {
  const all = expressions([...standard, ...own]).join('\n')
  // Shown as their sum.
  const split = ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total']
  const hidden = [...standard, ...own].filter(({ name }) => !new RegExp(`\\b${name}(_|\\b)`).test(all))
  expect(hidden.map(({ name }) => name)).toEqual(split)
})

test('panels lie beside each other within 24 columns and fill them', () => {
  const taken = new Map<string, number>()
  let bottom = 0
  for (const { id, gridPos } of whole.panels) {
    const { x, y, w, h } = gridPos
    for (let column = x; column < x + w; column++)
      for (let line = y; line < y + h; line++) {
        expect(taken.get(`${column},${line}`)).toBeUndefined()
        taken.set(`${column},${line}`, id)
      }
    expect(x + w).toBeLessThanOrEqual(24)
    bottom = Math.max(bottom, y + h)
  }
  expect(taken.size).toBe(24 * bottom)
})

test('ids are unique', () => {
  const ids = whole.panels.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(Number.isSafeInteger(id) && id > 0).toBe(true)
})

test('a panel keeps its id when others come and go', () => {
  const idOf = (metrics: readonly Metric[], title: string) =>
    make(metrics).panels.find((panel) => panel.title === title)?.id
  const id = idOf(own, 'Queue jobs')
  expect(id).toBeDefined()
  expect(idOf([...standard, ...own.slice(2)], 'Queue jobs')).toBe(id)
})

test('every target asks the data source that is chosen, within the job and instances that are', () => {
  for (const panel of whole.panels) {
    if (!('targets' in panel)) continue
    expect(panel.datasource.uid).toBe('${datasource}')
    expect(panel.targets.length).toBeGreaterThan(0)
    for (const { datasource, expr, legendFormat } of panel.targets) {
      expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' })
      expect(legendFormat).not.toBe('')
      const selectors = [...expr.matchAll(/\{[^}]*\}/g)].map(String)
      expect(selectors.length).toBeGreaterThan(0)
      for (const selector of selectors) expect(selector).toContain('{job=~"$job", instance=~"$instance"')
      for (const [, range] of expr.matchAll(/\[([^\]]*)\]/g)) expect(range).toBe('$__rate_interval')
    }
    expect(new Set(panel.targets.map(({ refId }) => refId)).size).toBe(panel.targets.length)
  }
})

test('a legend names only labels that the expression keeps', () => {
  const labels = new Map([...standard, ...own].map(({ name, labels }) => [name, labels]))
  for (const panel of whole.panels) {
    if (!('targets' in panel)) continue
    for (const { expr, legendFormat } of panel.targets) {
      const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(', ')
      const name = /[a-z_]+(?=\{)/.exec(expr)?.[0] ?? ''
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(kept ?? ['instance', ...(labels.get(name) ?? [])], `${expr} as ${legendFormat}`).toContain(
          label,
        )
    }
  }
})

test('variables are the data source first, then job and instance', () => {
  const { list } = whole.templating
  expect(list.map(({ type, name }) => [type, name])).toEqual([
    ['datasource', 'datasource'],
    ['query', 'job'],
    ['query', 'instance'],
  ])
  expect(list[1]?.query).toMatchObject({ query: 'label_values(nodejs_version_info, job)' })
  expect(list[1]?.current).toEqual({ text: ['api'], value: ['api'] })
  expect(make(own).templating.list[1]?.query).toMatchObject({
    query: 'label_values(backup_timestamp_seconds, job)',
  })
})

test('the same metrics in any order make the same dashboard', () => {
  expect(JSON.stringify(make([...own, ...standard].reverse()))).toBe(JSON.stringify(whole))
})

test('the lines stand where the alerts are', () => {
  const drawn = whole.panels.flatMap((panel) =>
    'targets' in panel
      ? panel.fieldConfig.defaults.thresholds.steps.slice(1).map(({ value }) => [panel.title, value])
      : [],
  )
  expect(drawn).toEqual([
    ['Failed', 0.05],
    ['Failed by route', 0.05],
    ['Failed flows', 0.1],
  ])
})

test('a ratio of failed requests is 0, not nothing, before the first failure', () => {
  expect(expressions(standard)).toContain(
    '(sum(rate(http_requests_total{job="api", instance=~".+", status=~"5.."}[1m])) or vector(0)) / sum(rate(http_requests_total{job="api", instance=~".+"}[1m]))',
  )
})

test('exemplars are asked for where durations of requests are', () => {
  const asked = whole.panels.flatMap((panel) =>
    'targets' in panel && panel.targets.some((target) => 'exemplar' in target) ? [panel.title] : [],
  )
  expect(asked).toContain('Duration')
  expect(asked).toContain('Duration by route, p99')
  expect(asked).not.toContain('Requests by route')
})

test('a metric of another maker under a known name is shown by its own labels', () => {
  const foreign = standard.map((metric) =>
    metric.name === 'http_requests_total' ? { ...metric, labels: ['route', 'status_code'] } : metric,
  )
  const asked = expressions(foreign).filter((expr) => expr.includes('http_requests_total'))
  expect(asked).toEqual([
    'sum by (route, status_code) (rate(http_requests_total{job="api", instance=~".+"}[1m]))',
  ])
})

test('labels that Prometheus keeps for the target are asked for by the name it gives them', () => {
  const jobs: Metric = { ...own[0]!, name: 'runs_total', labels: ['job', 'outcome'] }
  expect(expressions([jobs])).toEqual([
    'sum by (exported_job, outcome) (rate(runs_total{job="api", instance=~".+"}[1m]))',
  ])
})

test('labels that nothing tells of are taken for those of the SDK', () => {
  const unseen = standard.map((metric) => ({ ...metric, labels: undefined }))
  expect(rowsOf(make(unseen))).toEqual(rowsOf(make(standard)))
})

test.each([
  ['submissions_total', ['sum by (skill_area, status) (rate(submissions_total{S}[R]))']],
  ['sent_bytes_total', ['sum(rate(sent_bytes_total{S}[R]))']],
  ['queue_jobs', ['queue_jobs{S}']],
  ['backup_timestamp_seconds', ['time() - backup_timestamp_seconds{S}']],
  ['build_info', ['build_info{S}']],
  [
    'render_seconds',
    [
      'histogram_quantile(0.5, sum by (le) (rate(render_seconds_bucket{S}[R])))',
      'histogram_quantile(0.95, sum by (le) (rate(render_seconds_bucket{S}[R])))',
      'histogram_quantile(0.99, sum by (le) (rate(render_seconds_bucket{S}[R])))',
      'histogram_quantile(0.95, sum by (le, kind) (rate(render_seconds_bucket{S}[R])))',
      'sum by (kind) (rate(render_seconds_count{S}[R]))',
    ],
  ],
  [
    'wait_seconds',
    [
      'histogram_quantile(0.5, sum(rate(wait_seconds{S}[R])))',
      'histogram_quantile(0.95, sum(rate(wait_seconds{S}[R])))',
      'histogram_quantile(0.99, sum(rate(wait_seconds{S}[R])))',
      'histogram_count(sum(rate(wait_seconds{S}[R])))',
    ],
  ],
  [
    'body_bytes',
    [
      '(histogram_quantile(0.5, sum(rate(body_bytes{S}[R]))) or histogram_quantile(0.5, sum by (le) (rate(body_bytes_bucket{S}[R]))))',
      '(histogram_quantile(0.95, sum(rate(body_bytes{S}[R]))) or histogram_quantile(0.95, sum by (le) (rate(body_bytes_bucket{S}[R]))))',
      '(histogram_quantile(0.99, sum(rate(body_bytes{S}[R]))) or histogram_quantile(0.99, sum by (le) (rate(body_bytes_bucket{S}[R]))))',
      '(histogram_count(sum(rate(body_bytes{S}[R]))) or sum(rate(body_bytes_count{S}[R])))',
    ],
  ],
  [
    'score_ratio',
    [
      'sum by (skill_area) (rate(score_ratio_sum{S}[R])) / sum by (skill_area) (rate(score_ratio_count{S}[R]))',
      'sum by (skill_area) (rate(score_ratio_count{S}[R]))',
    ],
  ],
])('asks of %s what its type can tell', (name, asked) => {
  const filled = asked.map((expr) =>
    expr.replaceAll('{S}', '{job="api", instance=~".+"}').replaceAll('[R]', '[1m]'),
  )
  expect(expressions(own.filter((metric) => metric.name === name))).toEqual(filled)
})

test('units are those of the names', () => {
  const units = Object.fromEntries(
    make(own).panels.flatMap((panel) =>
      'targets' in panel ? [[panel.title, panel.fieldConfig.defaults.unit]] : [],
    ),
  )
  expect(units).toEqual({
    'Time since backup': 's',
    Build: 'string',
    'Queue jobs': 'short',
    'Sent bytes': 'Bps',
    Submissions: 'ops',
    Body: 'bytes',
    'Body, how often': 'ops',
    Render: 's',
    'Render by kind, p95': 's',
    'Render, how often': 'ops',
    'Score, average': 'percentunit',
    'Score, how often': 'ops',
    Wait: 's',
    'Wait, how often': 'ops',
  })
})
