import type { Comparison } from '../baseline/compare.js'
import { total } from '../baseline/entry.js'
import { compareTexts, type Finding, type Unparsed } from '../finding.js'
import type { Suppression } from '../suppressions/suppressions.js'
import type { Idle } from '../suppressions/unused.js'

/** All that a run has to tell. */
export interface Verdict {
  readonly host: { readonly name: string; readonly version: string }
  readonly plugin: string
  readonly files: number
  /** Nothing where none is recorded. */
  readonly baseline: ComparedWith | undefined
  readonly comparison: Comparison
  /** Whether the baseline is without what is gone already. */
  readonly isPruned: boolean
  /** What fails, and is listed. */
  readonly failing: readonly Finding[]
  readonly suppressed: readonly Suppression[]
  readonly idle: readonly Idle[]
  readonly bulk: readonly Finding[]
  readonly unparsed: readonly Unparsed[]
}

export interface ComparedWith {
  readonly file: string
  readonly recorded: number
  readonly plugin: string
  /** Whether the call named it, as every call that is advised must then. */
  readonly isNamed: boolean
  /** The folder of the run as the baseline names it, where that is one of a folder above. */
  readonly part: string
}

export const columns = ['new', 'known', 'gone', 'unlinted', 'suppressed', 'unused', 'bulk'] as const
export type Counts = Record<(typeof columns)[number], number>

export interface Tally {
  readonly rules: ReadonlyMap<string, Counts>
  readonly total: Counts
}

/** A comment that switches two rules off counts for each, and once in the total. */
export function tally({ comparison, suppressed, idle, bulk }: Verdict): Tally {
  const rules = new Map<string, Counts>()
  const add = (column: keyof Counts, rule: string, count = 1) => {
    const counts = rules.get(rule) ?? none()
    counts[column] += count
    rules.set(rule, counts)
  }
  for (const { rule } of comparison.fresh) add('new', rule)
  for (const { rule } of comparison.known) add('known', rule)
  for (const { rule, count } of comparison.gone) add('gone', rule, count)
  for (const { rule, count } of comparison.unlinted) add('unlinted', rule, count)
  for (const suppression of suppressed) for (const rule of suppression.rules) add('suppressed', rule)
  for (const { rules: named } of idle) for (const rule of named) add('unused', rule)
  for (const { rule } of bulk) add('bulk', rule)
  return {
    rules: new Map([...rules].toSorted(([a], [b]) => compareTexts(a, b))),
    total: {
      new: comparison.fresh.length,
      known: comparison.known.length,
      gone: total(comparison.gone),
      unlinted: total(comparison.unlinted),
      suppressed: suppressed.length,
      unused: idle.length,
      bulk: bulk.length,
    },
  }
}

function none(): Counts {
  return { new: 0, known: 0, gone: 0, unlinted: 0, suppressed: 0, unused: 0, bulk: 0 }
}
