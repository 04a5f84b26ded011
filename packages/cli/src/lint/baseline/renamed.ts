import { basename, dirname } from 'node:path/posix'
import { compareTexts } from '../finding.js'
import { grouped } from './grouped.js'
import { idOf, total, type Entry, type Keyed } from './entry.js'

/**
 * Where the entries of files that are gone went, without asking git, whose history CI rarely has: to a file that no entry
 * names, has the same name or the same folder, and at least half of the findings.
 */
export function renamedFiles(
  gone: readonly Entry[],
  fresh: readonly Keyed[],
  named: ReadonlySet<string>,
): Map<string, string> {
  const candidates = grouped(
    fresh.filter(({ file }) => !named.has(file)),
    ({ file }) => file,
  )
  const pairs = [...grouped(gone, ({ file }) => file)].flatMap(([from, entries]) =>
    [...candidates].flatMap(([to, findings]) => {
      const sameName = basename(to) === basename(from)
      if (!sameName && dirname(to) !== dirname(from)) return []
      const shared = countShared(entries, findings, from)
      return shared * 2 >= total(entries) ? [{ from, to, sameName, shared }] : []
    }),
  )
  const renamed = new Map<string, string>()
  const taken = new Set<string>()
  for (const { from, to } of pairs.toSorted(likelier)) {
    if (renamed.has(from) || taken.has(to)) continue
    renamed.set(from, to)
    taken.add(to)
  }
  return renamed
}

interface Pair {
  readonly from: string
  readonly to: string
  readonly sameName: boolean
  readonly shared: number
}

function likelier(a: Pair, b: Pair): number {
  return (
    Number(b.sameName) - Number(a.sameName) ||
    b.shared - a.shared ||
    compareTexts(a.from, b.from) ||
    compareTexts(a.to, b.to)
  )
}

function countShared(entries: readonly Entry[], findings: readonly Keyed[], file: string): number {
  const counts = new Map<string, number>()
  for (const { key } of findings) {
    const id = idOf({ ...key, file })
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return entries.reduce((sum, entry) => sum + Math.min(entry.count, counts.get(idOf(entry)) ?? 0), 0)
}
