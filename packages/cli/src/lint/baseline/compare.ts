import { entriesOf, idOf, total, type Entry, type Key, type Keyed } from './entry.js'
import { grouped } from './grouped.js'
import { renamedFiles } from './renamed.js'

export interface Comparison {
  readonly fresh: readonly Keyed[]
  readonly known: readonly Keyed[]
  /** Was recorded, and is not found any more. */
  readonly gone: readonly Entry[]
  /** Was recorded in a file that is there and is not linted any more. */
  readonly unlinted: readonly Entry[]
  readonly renamed: ReadonlyMap<string, string>
  /** What the baseline would be without what is gone. */
  readonly pruned: readonly Entry[]
  /** How many of those nobody looked at: they are in the words of the version that recorded them. */
  readonly unseen: number
}

export interface Present {
  /** In order. */
  readonly findings: readonly Keyed[]
  /** `unknown`: not looked at in this run, or not to be parsed. */
  readonly stateOf: (file: string) => 'linted' | 'unlinted' | 'unknown' | 'gone'
  /** Whether the rules still speak as they did when the baseline was recorded. */
  readonly sameWords: boolean
}

/** An entry, and how many of its count no finding has taken. */
type Left = Entry & { left: number }

export function compare(recorded: readonly Entry[], present: Present): Comparison {
  const left: Left[] = recorded.map((entry) => ({ ...entry, left: entry.count }))
  const known = new Set<Keyed>()
  const match = (idFor: (key: Key) => string, among: readonly Left[], findings: readonly Keyed[]) => {
    // The first is taken from the end: a file of one long line has all its findings in one group.
    const byId = grouped(among.toReversed(), idFor)
    for (const finding of findings) {
      if (known.has(finding)) continue
      const entries = byId.get(idFor(finding.key))
      while (entries?.at(-1)?.left === 0) entries.pop()
      const entry = entries?.at(-1)
      if (entry === undefined) continue
      entry.left--
      known.add(finding)
    }
  }
  match(idOf, left, present.findings)

  const fresh = () => present.findings.filter((finding) => !known.has(finding))
  const renamed = renamedFiles(
    left.filter(({ file }) => present.stateOf(file) === 'gone'),
    fresh(),
    new Set(recorded.map(({ file }) => file)),
  )
  const moved = (key: Key) => idOf({ ...key, file: renamed.get(key.file) ?? key.file })
  if (renamed.size > 0) match(moved, left, fresh())
  if (!present.sameWords) match((key) => idOf({ ...key, message: '' }), left, fresh())

  const over = (states: readonly string[]) =>
    left.flatMap(({ left: count, ...entry }) =>
      count > 0 && states.includes(present.stateOf(entry.file)) ? [{ ...entry, count }] : [],
    )
  const taken = present.findings.filter((finding) => known.has(finding))
  const unseen = over(['unknown', 'unlinted'])
  return {
    fresh: fresh(),
    known: taken,
    gone: over(['linted', 'gone']),
    unlinted: over(['unlinted']),
    renamed,
    pruned: [...entriesOf(taken.map(({ key }) => key)), ...unseen],
    unseen: total(unseen),
  }
}
