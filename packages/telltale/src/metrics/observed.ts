import { describe, type Definition, type Merge, type MetricType } from './definition.js'
import type { Family } from './family.js'
import { pair } from './label-value.js'
import { refuse } from './refusal.js'
import { Store } from './store.js'

type Reading = number | Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>

export interface Observed {
  readonly type: Extract<MetricType, 'counter' | 'gauge'>
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  readonly merge?: Merge
  readonly read: () => Reading
}

/**
 * A counter or gauge whose values the system keeps and that is read at each scrape. Its label values come from code.
 * A `read` that throws leaves it out of that scrape.
 */
export function observed({ type, name, help, labels = [], merge, read }: Observed): Family {
  const definition: Definition = {
    type,
    name,
    help,
    labels: labels.map((label) => ({ name: label, kind: 'String' as const })),
    ...(merge !== undefined && { merge }),
    observed: true,
  }
  let store = new Store(1)
  return {
    definition,
    get store() {
      return store
    },
    collect() {
      try {
        const reading = read()
        const fresh = new Store(1)
        for (const [given, value] of typeof reading === 'number' ? [[{}, reading] as const] : reading) {
          fresh.add(
            Object.entries(given)
              .map(([label, text]) => pair(label, text))
              .join(','),
            value,
          )
        }
        store = fresh
        return true
      } catch {
        refuse(definition, 'collect_failed', `${describe(definition)} could not be read`)
        return false
      }
    },
  }
}
