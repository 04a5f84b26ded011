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
  const inOrder = suppressions.toSorted(byPlace)
  let at = -1
  for (const one of unused.toSorted(byPlace)) {
    while (at + 1 < inOrder.length && byPlace(inOrder[at + 1]!, one) <= 0) at++
    const suppression = inOrder[at]
    if (suppression === undefined) continue
    const isWhole = one.rules.length === 0
    if (isWhole && byPlace(suppression, one) !== 0) continue
    found.set(suppression, [...(found.get(suppression) ?? []), ...(isWhole ? suppression.rules : one.rules)])
  }
  return found
}

function byPlace(a: Unused | Suppression, b: Unused | Suppression): number {
  return a.line - b.line || a.column - b.column
}
