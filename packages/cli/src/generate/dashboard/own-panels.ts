import type { Metric } from '../metric.js'
import type { PromQL } from '../promql.js'
import type { Panel, Unit } from './panel.js'
import { percentiles } from './row.js'

/** The panels of a metric about which only its definition is known. */
export function ownPanels(metric: Metric, promql: PromQL): readonly Panel[] {
  if (metric.type === 'counter') return [counter(metric, promql)]
  if (metric.type === 'gauge') return [gauge(metric, promql)]
  return metric.type === 'histogram' ? histogram(metric, promql) : summary(metric, promql)
}

function counter(metric: Metric, promql: PromQL): Panel {
  const labels = metric.labels ?? []
  return {
    ...common(metric, 'rate'),
    unit: rateUnit(metric.name),
    targets: [{ expr: promql.sumRate(metric.name, labels), legend: legendOf(labels, 'all') }],
  }
}

function gauge(metric: Metric, promql: PromQL): Panel {
  const { name } = metric
  const labels = metric.labels ?? []
  const series = promql.series(name)
  if (name.endsWith('_info'))
    return {
      ...common(metric, 'info'),
      type: 'stat',
      unit: 'short',
      targets: [{ expr: series, legend: legendOf(labels, '{{instance}}') }],
      showsName: true,
    }
  const legend = legendOf(['instance', ...labels], '')
  // A point in time says little; how long ago it was says it.
  if (name.endsWith('_timestamp_seconds'))
    return {
      ...common(metric, 'age'),
      title: `Time since ${titleOf(name).toLowerCase()}`,
      unit: 's',
      targets: [{ expr: `time() - ${series}`, legend }],
    }
  return { ...common(metric, 'value'), unit: unitOf(name), targets: [{ expr: series, legend }] }
}

function histogram(metric: Metric, promql: PromQL): Panel[] {
  const labels = metric.labels ?? []
  const quantiles: Panel = {
    ...common(metric, 'quantiles'),
    unit: unitOf(metric.name),
    targets: percentiles.map(([q, legend]) => ({
      expr: promql.quantile(q, metric),
      legend,
      exemplar: true,
    })),
  }
  const byLabels: Panel = {
    ...common(metric, 'p95'),
    title: `${titleOf(metric.name)} by ${labels.join(', ')}, p95`,
    unit: unitOf(metric.name),
    targets: [
      { expr: promql.quantile(0.95, metric, labels), legend: legendOf(labels, 'p95'), exemplar: true },
    ],
  }
  return labels.length === 0
    ? [quantiles, observations(metric, promql)]
    : [quantiles, byLabels, observations(metric, promql)]
}

function summary(metric: Metric, promql: PromQL): Panel[] {
  const labels = metric.labels ?? []
  const average: Panel = {
    ...common(metric, 'average'),
    title: `${titleOf(metric.name)}, average`,
    unit: unitOf(metric.name),
    targets: [{ expr: promql.average(metric, labels), legend: legendOf(labels, 'average') }],
  }
  return [average, observations(metric, promql)]
}

function observations(metric: Metric, promql: PromQL): Panel {
  const labels = metric.labels ?? []
  return {
    ...common(metric, 'rate'),
    title: `${titleOf(metric.name)}, how often`,
    unit: 'ops',
    targets: [{ expr: promql.observations(metric, labels), legend: legendOf(labels, 'all') }],
  }
}

function common({ name, help }: Metric, question: string) {
  return {
    key: `${name}/${question}`,
    title: titleOf(name),
    description: help === '' ? name : `${help} (${name})`,
    type: 'timeseries',
  } as const
}

function legendOf(labels: readonly string[], otherwise: string): string {
  return labels.length === 0 ? otherwise : labels.map((label) => `{{${label}}}`).join(' ')
}

/** `assessment_submissions_total` as "Assessment submissions". */
function titleOf(name: string): string {
  const words = name
    .replace(/(_timestamp_seconds|_total|_info|_ratio|_seconds|_bytes|_celsius)$/, '')
    .replace(/[_:]+/g, ' ')
    .trim()
  return words === '' ? name : words[0]!.toUpperCase() + words.slice(1)
}

function unitOf(name: string): Unit {
  if (name.endsWith('_seconds')) return 's'
  if (name.endsWith('_bytes')) return 'bytes'
  if (name.endsWith('_ratio')) return 'percentunit'
  return name.endsWith('_celsius') ? 'celsius' : 'short'
}

function rateUnit(name: string): Unit {
  if (/_bytes(_total)?$/.test(name)) return 'Bps'
  return /_seconds(_total)?$/.test(name) ? 'percentunit' : 'ops'
}
