import { slot } from '../../state/state.js'
import { dropped } from '../../self/dropped.js'
import { reportOnce } from '../../self/report.js'
import { describe, type Definition } from '../definition.js'
import { overflowValue, pair } from '../label-value.js'
import { limits } from '../limits.js'
import { type SeriesSource, seriesOf } from './series.js'
import { Sum } from './sum.js'

/** What another thread or process measured. */
export interface Part {
  sources(): Iterable<SeriesSource>
}

/** The others whose metrics are shown with this thread's own, and what those left that are gone. */
export const parts = slot('metric-parts', () => ({
  live: new Map<string, Part>(),
  kept: new Map<string, Sum>(),
  /** Called before each scrape to bring parts up to date; never reject, and bound their time themselves. */
  refreshers: new Set<() => Promise<void>>(),
}))

/** All sources of other threads and processes, the gone ones' too. */
export function* otherSources(): Iterable<SeriesSource> {
  for (const part of parts.live.values()) yield* part.sources()
  for (const { definition, store } of parts.kept.values()) yield seriesOf(definition, store)
}

/** A part is gone: what it counted is kept, its gauges are not. */
export function bury(id: string): void {
  const part = parts.live.get(id)
  parts.live.delete(id)
  if (part !== undefined) for (const source of part.sources()) keep(source)
}

/** Adds a source's series to what is kept, up to the metric's limit of series; beyond it they go to the overflow series. */
function keep(source: SeriesSource): void {
  const { definition, width } = source
  if (definition.type === 'gauge') return
  let kept = parts.kept.get(definition.name)
  if (kept === undefined) parts.kept.set(definition.name, (kept = new Sum(definition, width)))
  if (!isSame(kept.definition, definition)) return refuseOther(kept.definition, definition)
  const limit = definition.maxSeries ?? limits.maxSeries
  const overflow = definition.labels.map(({ name }) => pair(name, overflowValue)).join(',')
  const numbers = new Float64Array(width)
  for (let i = 0; i < source.count; i++) {
    const labels = source.read(i, numbers)
    if (labels === undefined) continue
    const isBeyond = !kept.has(labels) && kept.store.size - (kept.has(overflow) ? 1 : 0) >= limit
    if (isBeyond && isUnused(numbers)) continue
    if (isBeyond) dropped('metric', 'series_limit')
    kept.put(isBeyond ? overflow : labels, numbers)
  }
}

const isUnused = (numbers: Float64Array): boolean => numbers.every((number) => number === 0)

export function isSame(a: Definition, b: Definition): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

const conflicts = slot('metric-conflicts', () => new Set<string>())
const maxConflicts = 1000

/** Counts a metric that another thread or process defines otherwise, once however often it is scraped, and says it. */
export function refuseOther(shown: Definition, other: Definition): void {
  const conflict = JSON.stringify([shown, other])
  if (conflicts.has(conflict) || conflicts.size >= maxConflicts) return
  conflicts.add(conflict)
  dropped('metric', 'definition_conflict')
  reportOnce(
    `metric-conflict:${shown.name}`,
    `the metric ${shown.name} is defined differently in another thread or process, which is left out of the scrape.\n` +
      `  shown:    ${describe(shown)}\n  left out: ${describe(other)}`,
  )
}
