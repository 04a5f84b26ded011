import { reportOnce } from '../self/report.js'
import { slot } from '../state/state.js'
import { describe, seriesLimit, type Definition } from './definition.js'
import type { Family } from './family.js'
import { limits } from './limits.js'
import { droppedFamily } from './self.js'
import { styleOffence } from './style.js'
import { contentType, familyText } from './text.js'

const registry = slot('metrics', () => ({ families: new Map<string, Family>(), scraping: false }))

/**
 * The metric of this definition: the one already there, or what `create` makes. Throws for a name that is taken by
 * another definition, and for one against the naming practice where `metrics.strict` is on (else says it once).
 */
export function register<F extends Family>(definition: Definition, create: () => F): F {
  const own = definition.name === droppedFamily.definition.name
  const existing = own ? droppedFamily : registry.families.get(definition.name)
  if (existing !== undefined) {
    if (JSON.stringify(existing.definition) === JSON.stringify(definition)) return existing as F
    throw conflict(existing.definition, definition)
  }
  const clashing = sampleClash(definition)
  if (clashing !== undefined) throw conflict(clashing, definition)
  checkStyle(definition, limits.strict)
  const family = create()
  registry.families.set(definition.name, family)
  return family
}

/** Takes a metric out of the registry, if it is the one there. */
export function unregister(family: Family): void {
  const { name } = family.definition
  if (registry.families.get(name) === family) registry.families.delete(name)
}

/**
 * Sets the default number of label sets a metric may have, and whether names against the practice are errors; then
 * metrics already defined are checked again. Throws an Error that names the option or the metric, and changes nothing then.
 */
export function configureMetrics(options: { readonly maxSeries?: number; readonly strict?: boolean }): void {
  const { maxSeries, strict } = options
  const next = {
    maxSeries: maxSeries === undefined ? limits.maxSeries : seriesLimit('metrics.maxSeries', maxSeries),
    strict: strict ?? limits.strict,
  }
  if (next.strict) for (const { definition } of registry.families.values()) checkStyle(definition, true)
  Object.assign(limits, next)
}

/** Every metric in the Prometheus text format 0.0.4, by name, series in order of creation. Never throws. */
export function renderMetrics(): string {
  return currentFamilies().map(familyText).join('')
}

export { contentType }

/** Every family by name, brought up to date; one whose `collect` failed is left out. */
export function currentFamilies(): readonly Family[] {
  const families = [...registry.families.values()].filter((family) => isCollected(family))
  // Last, so that it counts what failed above.
  droppedFamily.collect?.()
  return [...families, droppedFamily].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
}

/** @internal Forgets every metric, and sets the options back. Metrics already defined still work but are not rendered. */
export function resetMetricsForTest(): void {
  registry.families.clear()
  Object.assign(limits, { maxSeries: 2000, strict: false })
}

function isCollected(family: Family): boolean {
  // A collect function that renders the metrics would call itself.
  if (registry.scraping || family.collect === undefined) return true
  registry.scraping = true
  try {
    return family.collect()
  } finally {
    registry.scraping = false
  }
}

function checkStyle(definition: Definition, strict: boolean): void {
  const offence = definition.observed ? undefined : styleOffence(definition)
  if (offence === undefined) return
  if (strict) throw new Error(`${offence}. (metrics.strict is on.)`)
  reportOnce(`metric-style:${definition.name}`, offence)
}

/** A metric whose samples would carry the same names: a histogram `x` writes `x_bucket`, `x_sum` and `x_count`. */
function sampleClash(definition: Definition): Definition | undefined {
  if (definition.type === 'histogram') {
    for (const suffix of ['_bucket', '_sum', '_count']) {
      const other = registry.families.get(definition.name + suffix)
      if (other !== undefined) return other.definition
    }
  }
  const base = registry.families.get(definition.name.replace(/_(bucket|sum|count)$/, ''))
  return base?.definition.type === 'histogram' ? base.definition : undefined
}

function conflict(existing: Definition, definition: Definition): Error {
  return new Error(
    `The metric ${definition.name} is already defined differently.\n  defined: ${describe(existing)}\n  now:     ${describe(definition)}\n` +
      'Define a metric once and import it, or give one of the two another name.',
  )
}
