import type { Definition } from './definition.js'

const units: Readonly<Record<string, string>> = {
  ...byUnit(
    'seconds',
    'milliseconds microseconds nanoseconds minutes hours days weeks ms us ns s sec min h d',
  ),
  ...byUnit(
    'bytes',
    'bits kilobytes megabytes gigabytes terabytes kibibytes mebibytes gibibytes b kb mb gb tb kib mib gib',
  ),
  ...byUnit('ratio', 'percent percentage'),
}

/** What Prometheus writes of each scrape (prometheus.io/docs/concepts/jobs_instances). */
const ofPrometheus = new Set([
  'up',
  'scrape_duration_seconds',
  'scrape_samples_post_metric_relabeling',
  'scrape_samples_scraped',
  'scrape_series_added',
  'scrape_timeout_seconds',
  'scrape_sample_limit',
  'scrape_body_size_bytes',
])

/**
 * The first thing about a legal definition that Prometheus' naming practice (prometheus.io/docs/practices/naming)
 * advises against, with the fix; undefined when there is none.
 */
export function styleOffence({ type, name, labels }: Definition): string | undefined {
  if (ofPrometheus.has(name))
    return `${type} ${name}: Prometheus makes a series of this name for each target itself; name yours otherwise`
  const snake = snakeCase(name)
  if (snake !== name) return `${type} ${name}: write it in snake_case, ${snake}`
  const label = labels.find((l) => snakeCase(l.name) !== l.name)
  if (label) return `${type} ${name}: write its label ${label.name} in snake_case, ${snakeCase(label.name)}`
  if (type === 'counter' && !name.endsWith('_total')) {
    return `${type} ${name}: a counter's name ends in _total, ${name.replace(/_count$/, '')}_total`
  }
  if (type !== 'counter' && name.endsWith('_total')) {
    return `${type} ${name}: only a counter's name ends in _total; name it ${name.replace(/_total$/, '')}`
  }
  const words = name.replace(/_total$/, '').split('_')
  const unit = words.slice(1).find((word) => Object.hasOwn(units, word))
  if (unit !== undefined) {
    const better = name.replace(new RegExp(`_${unit}(?=_|$)`), `_${units[unit]}`)
    return `${type} ${name}: use the base unit ${units[unit]}, ${better}`
  }
  const typed = words.find((word) => word === 'counter' || word === 'gauge' || word === 'histogram')
  if (typed !== undefined && words.length > 1) {
    return `${type} ${name}: leave the type out of the name, ${name.replace(new RegExp(`_${typed}|^${typed}_`), '')}`
  }
  const suffix = /_(bucket|count|sum)$/.exec(name)
  if (suffix)
    return `${type} ${name}: _${suffix[1]} is what a histogram's own series end in; name it otherwise`
  if (labels.some((l) => l.name === 'quantile' || l.name === 'le')) {
    return `${type} ${name}: le and quantile are labels of histograms and summaries; rename yours`
  }
  return undefined
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

function byUnit(base: string, others: string): Record<string, string> {
  return Object.fromEntries(others.split(' ').map((unit) => [unit, base]))
}
