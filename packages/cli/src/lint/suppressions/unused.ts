import type { Unused } from '../finding.js'
import { allRules, type Suppression } from './suppressions.js'

/** A comment, or some of the rules that it names, that could be taken out. */
export interface Idle extends Suppression {
  readonly why: 'there is no such rule' | 'nothing to suppress there'
}

/**
 * What of the comments of a file holds something back, and what does not. One that names no rule may be for others than
 * ours, and counts.
 */
export function sortedOut(
  suppressions: readonly Suppression[],
  unused: readonly Unused[],
  known: ReadonlySet<string>,
): { readonly suppressed: Suppression[]; readonly idle: Idle[] } {
  const unusedOf = attributed(suppressions, unused)
  const [suppressed, idle]: [Suppression[], Idle[]] = [[], []]
  for (const suppression of suppressions) {
    const { rules } = suppression
    const unusedRules = unusedOf.get(suppression) ?? []
    const unknown = rules.filter((rule) => rule !== allRules && !known.has(rule))
    const rest = rules.filter((rule) => rule === allRules || known.has(rule))
    const without = rest.filter((rule) => rule !== allRules && unusedRules.includes(rule))
    const used = rest.filter((rule) => !without.includes(rule))
    if (used.length > 0) suppressed.push({ ...suppression, rules: used })
    if (unknown.length > 0) idle.push({ ...suppression, rules: unknown, why: 'there is no such rule' })
    if (without.length > 0) idle.push({ ...suppression, rules: without, why: 'nothing to suppress there' })
  }
  return { suppressed, idle }
}

/** A host names the place of the comment or, oxlint, that of a rule in it, by its name then. */
function attributed(suppressions: readonly Suppression[], unused: readonly Unused[]) {
  const found = new Map<Suppression, string[]>()
  for (const { line, column, rules } of unused) {
    const isThere = (each: Suppression) => each.line === line && each.column === column
    const isBefore = (each: Suppression) => each.line < line || (each.line === line && each.column <= column)
    const one = rules.length === 0 ? suppressions.find(isThere) : suppressions.findLast(isBefore)
    if (one === undefined) continue
    found.set(one, [...(found.get(one) ?? []), ...(rules.length === 0 ? one.rules : rules)])
  }
  return found
}
