import type { Definition } from './definition.js'

export type Named = Pick<Definition, 'type' | 'name'>

const suffixes: Partial<Record<Definition['type'], readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
}

/**
 * Every name that an exposition has for a metric: a histogram `x` writes `x_bucket`, `x_sum` and `x_count`, and OpenMetrics
 * knows a counter without its `_total`.
 */
export function writtenNames({ type, name }: Named): string[] {
  const bare = type === 'counter' && name.endsWith('_total') ? [name.slice(0, -'_total'.length)] : []
  return [name, ...bare, ...(suffixes[type] ?? []).map((suffix) => name + suffix)]
}
