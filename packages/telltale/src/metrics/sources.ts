import { dropped } from '../self/dropped.js'
import { reportOnce } from '../self/report.js'
import { slot } from '../state/state.js'
import type { Family } from './family.js'
import { type Named, writtenNames } from './names.js'

/**
 * Where families come from that are not defined here, read at each scrape. It makes those that `isWanted`, asked once
 * for each. It never rejects, and is done within `timeoutMs`.
 */
export type Source = (isWanted: (one: Named) => boolean, timeoutMs: number) => Promise<readonly Family[]>

const sources = slot('metric-sources', () => new Map<object, Source>())
const clashes = slot('metric-clashes', () => new Set<string>())
const maxClashes = 1000

/** Adds a source to each scrape, in place of one with the same key. Returns what takes it out again. */
export function addSource(key: object, source: Source): () => void {
  sources.set(key, source)
  return () => {
    if (sources.get(key) === source) sources.delete(key)
  }
}

/** The families of every source that are `asked` for. A name of `own`, or of an earlier source, is taken. */
export async function sourced(
  asked: (one: Named) => boolean,
  own: Iterable<Named>,
  timeoutMs: number,
): Promise<readonly Family[]> {
  if (sources.size === 0) return []
  const taken = new Set<string>()
  for (const one of own) for (const name of writtenNames(one)) taken.add(name)
  const isWanted = (one: Named): boolean => {
    const written = writtenNames(one)
    if (written.some((name) => taken.has(name))) {
      clash(one.name)
      return false
    }
    for (const name of written) taken.add(name)
    return asked(one)
  }
  const families = await Promise.all([...sources.values()].map((source) => source(isWanted, timeoutMs)))
  return families.flat()
}

// Once a name: what is left out at every scrape alike must not look like a loss that goes on.
function clash(name: string): void {
  if (clashes.has(name) || clashes.size >= maxClashes) return
  clashes.add(name)
  dropped('metric', 'name_taken')
  reportOnce(
    `metric-clash:${name}`,
    `metric ${name}: there is one of this name already; the merged registry's is left out. Rename it, or take it out of its registry.`,
  )
}
