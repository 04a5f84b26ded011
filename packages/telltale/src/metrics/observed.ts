import { describe, type Definition, type MetricType } from './definition.js'
import type { NumberFamily, NumberSeries } from './family.js'
import { pair } from './label-value.js'
import { refuse } from './refusal.js'

type Reading = number | Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>

/**
 * A counter or gauge whose values the system keeps and that is read at each scrape. Its label values come from code.
 * A `read` that throws leaves it out of that scrape.
 */
export function observed(
  type: Exclude<MetricType, 'histogram'>,
  name: string,
  help: string,
  read: () => Reading,
): NumberFamily {
  const definition: Definition = { type, name, help, labels: [], observed: true }
  let current: readonly NumberSeries[] = []
  return {
    definition: definition as NumberFamily['definition'],
    collect() {
      try {
        const reading = read()
        current = typeof reading === 'number' ? [{ text: '', value: reading }] : [...reading].map(seriesOf)
        return true
      } catch {
        refuse(definition, 'collect_failed', `${describe(definition)} could not be read`)
        return false
      }
    },
    series: () => current,
  }
}

function seriesOf([labels, value]: readonly [Readonly<Record<string, string>>, number]): NumberSeries {
  return {
    text: Object.entries(labels)
      .map(([name, text]) => pair(name, text))
      .join(','),
    value,
  }
}
