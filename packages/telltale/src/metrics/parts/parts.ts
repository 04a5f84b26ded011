import { slot } from '../../state/state.js'
import { dropped } from '../../self/dropped.js'
import { reportOnce } from '../../self/report.js'
import { show } from '../../self/show.js'
import { now } from '../clock.js'
import { describe, type Definition, identity } from '../definition.js'
import { overflowValue, pair, screenedPairs } from '../label-value.js'
import { limits } from '../limits.js'
import { Slices } from '../../state/slices.js'
import { Ending } from './ending.js'
import { inOrder, type SeriesSource, seriesOf } from './series.js'
import { Sum } from './sum.js'

const seriesBetweenLooks = 64

/** What another thread or process measured. */
export interface Part {
  sources(): Iterable<SeriesSource>
}

/** The others whose metrics are shown with this thread's own, and what those left that are gone. */
export const parts = slot('metric-parts', () => ({
  live: new Map<string, Part>(),
  /** Of parts that are gone: what is still to be kept. */
  ending: new Set<Ending>(),
  kept: new Map<string, Sum>(),
  /** Settles when all that is gone is kept. Never rejects. */
  keeping: Promise.resolve() as Promise<void>,
  /** Who reads sources at the moment: nothing moves from `ending` to `kept` meanwhile. */
  readers: new Set<Promise<unknown>>(),
  /** Called before each scrape to bring parts up to date; never reject, and bound their time themselves. */
  refreshers: new Set<() => Promise<void>>(),
}))

/** All sources of other threads and processes, the gone ones' too. Whoever reads them in slices is in `readers` meanwhile. */
export function* otherSources(): Iterable<SeriesSource> {
  for (const part of parts.live.values()) yield* part.sources()
  yield* parts.ending
  for (const { definition, store } of parts.kept.values()) {
    yield seriesOf(definition, store, oldest(definition))
  }
}

/** A part is gone: what it counted is kept, its gauges are not. */
export function bury(id: string): void {
  const part = parts.live.get(id)
  if (part === undefined) return
  parts.live.delete(id)
  const endings = [...part.sources()]
    .filter(({ definition }) => definition.type !== 'gauge')
    .map((source) => new Ending(source))
  for (const ending of endings) parts.ending.add(ending)
  afterwards(async (slices) => {
    for (const ending of endings) await keep(ending, slices)
  })
}

/** Screens the labels of what is kept by the redaction policy. */
export function screenKept(): Promise<void> {
  return afterwards(async (slices) => {
    for (const kept of parts.kept.values()) if (!kept.definition.observed) await screenSum(kept, slices)
  })
}

async function screenSum(kept: Sum, slices: Slices): Promise<void> {
  const source = seriesOf(kept.definition, kept.store)
  const numbers = new Float64Array(source.width)
  for (let slot = 0; slot < source.count; slot++) {
    while (slot % seriesBetweenLooks === 0 && mustPause(slices)) await pause(slices)
    const labels = source.read(slot, numbers)
    const screened = labels && screenedPairs(labels)
    if (screened === undefined || screened === labels) continue
    kept.drop(slot)
    kept.put(screened, numbers)
  }
}

function afterwards(work: (slices: Slices) => Promise<void>): Promise<void> {
  return (parts.keeping = parts.keeping.then(async () => {
    const slices = new Slices()
    await pause(slices)
    await work(slices).catch((error: unknown) => {
      dropped('metric', 'keep_failed')
      reportOnce('metric-keep', `what a thread or process left that ended could not be kept: ${show(error)}`)
    })
  }))
}

/** Lets the event loop turn, and whoever reads finish: nobody begins to after it was found that there is none. */
async function pause(slices: Slices): Promise<void> {
  await slices.next()
  while (parts.readers.size > 0) await Promise.allSettled(parts.readers)
}

const mustPause = (slices: Slices): boolean => parts.readers.size > 0 || slices.isOver()

/** Adds a source's series to what is kept, up to the metric's limit of series; beyond it they go to the overflow series. */
async function keep(ending: Ending, slices: Slices): Promise<void> {
  const { definition, width } = ending
  const kept = parts.kept.get(definition.name) ?? new Sum(definition, width)
  parts.kept.set(definition.name, kept)
  if (isSame(kept.definition, definition)) {
    await dropOld(kept, slices)
    const numbers = new Float64Array(width)
    const ordered = inOrder(kept.definition, definition)
    const take = (labels: string): void => keepSeries(kept, ordered(labels), numbers)
    for (let i = 0; ; i++) {
      while (i % seriesBetweenLooks === 0 && mustPause(slices)) await pause(slices)
      if (!ending.next(numbers, take)) break
    }
  } else refuseOther(kept.definition, definition)
  parts.ending.delete(ending)
}

function keepSeries(kept: Sum, labels: string, numbers: Float64Array): void {
  const { definition, store } = kept
  const limit = definition.maxSeries ?? limits.maxSeries
  const overflow = definition.labels.map(({ name }) => pair(name, overflowValue)).join(',')
  const isBeyond = !kept.has(labels) && store.size - (kept.has(overflow) ? 1 : 0) >= limit
  if (isBeyond && isUnused(numbers)) return
  if (isBeyond) dropped('metric', 'series_limit')
  store.renew(kept.put(isBeyond ? overflow : labels, numbers))
}

async function dropOld(kept: Sum, slices: Slices): Promise<void> {
  const { definition, store } = kept
  const before = oldest(definition)
  if (before === undefined) return
  for (let slot = 0; slot < store.count; slot++) {
    while (slot % seriesBetweenLooks === 0 && mustPause(slices)) await pause(slices)
    if (store.has(slot) && store.seen(slot) < before) kept.drop(slot)
  }
}

/** The first second in which a series may have been touched last that is not too old; undefined where none is. */
function oldest({ ttlMs }: Definition): number | undefined {
  return ttlMs === undefined ? undefined : now() - Math.ceil(ttlMs / 1000)
}

const isUnused = (numbers: Float64Array): boolean => numbers.every((number) => number === 0)

export function isSame(a: Definition, b: Definition): boolean {
  return a === b || identity(a) === identity(b)
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
