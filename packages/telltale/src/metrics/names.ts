import type { Definition } from './definition.js'

export type Named = Pick<Definition, 'type' | 'name'>

const suffixes: Partial<Record<Definition['type'], readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['_sum', '_count', '_created'],
}

/**
 * Every name that an exposition has for a metric: a histogram `x` writes `x_bucket`, `x_sum` and `x_count`, and OpenMetrics
 * knows a counter without its `_total`. It also keeps `x_created` for when a series began, whether written or not.
 */
export function writtenNames({ type, name }: Named): string[] {
  if (type === 'counter' && name.endsWith('_total')) {
    const bare = name.slice(0, -'_total'.length)
    return [name, bare, `${bare}_created`]
  }
  return [name, ...(suffixes[type] ?? []).map((suffix) => name + suffix)]
}

/** Whether a scrape that asks for these names wants a metric: those of families and of samples are taken. Without names, all. */
export function wantsOnly(names: readonly string[] | undefined): (one: Named) => boolean {
  if (names === undefined) return () => true
  const asked = new Set(names)
  return (one) => writtenNames(one).some((name) => asked.has(name))
}
