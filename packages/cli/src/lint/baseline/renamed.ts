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
  const renamed = new Map<string, string>()
  const groups = [...grouped(gone, ({ file }) => file)].toSorted(([a], [b]) => compareTexts(a, b))
  for (const [from, entries] of groups) {
    let best: { to: string; shared: number } | undefined
    for (const [to, findings] of candidates) {
      if (basename(to) !== basename(from) && dirname(to) !== dirname(from)) continue
      const shared = countShared(entries, findings, from)
      if (shared * 2 >= total(entries) && shared > (best?.shared ?? 0)) best = { to, shared }
    }
    if (best === undefined) continue
    renamed.set(from, best.to)
    candidates.delete(best.to)
  }
  return renamed
}

function countShared(entries: readonly Entry[], findings: readonly Keyed[], file: string): number {
  const counts = new Map<string, number>()
  for (const { key } of findings) {
    const id = idOf({ ...key, file })
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return entries.reduce((sum, entry) => sum + Math.min(entry.count, counts.get(idOf(entry)) ?? 0), 0)
}
