import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashesOf, keyed, type HashOfLine, type Keyed } from '../baseline/entry.js'
import { grouped } from '../baseline/grouped.js'
import { inOrder, type Finding, type Linted } from '../finding.js'
import { findingOf, suppressionsOf, withSilenced, type Suppression } from './suppressions.js'
import { sortedOut, type Idle } from './unused.js'

export interface Judged {
  /** With those of comments that give no reason. */
  readonly findings: readonly Keyed[]
  /** With a reason, and something that they hold back. */
  readonly suppressed: readonly Suppression[]
  readonly idle: readonly Idle[]
}

/** Reads the files that were linted, in the folder that they are named from, for the comments in them. */
export function judged(linted: Linted, folder: string, known: ReadonlySet<string>): Judged {
  const findings: Finding[] = [...linted.findings]
  const [suppressed, idle]: [Suppression[], Idle[]] = [[], []]
  const hashes = new Map<string, HashOfLine>()
  const unparsed = new Set(linted.unparsed.map(({ file }) => file))
  const silenced = grouped(linted.silenced, ({ file }) => file)
  const unused = grouped(linted.unused, ({ file }) => file)
  const withFindings = new Set(linted.findings.map(({ file }) => file))
  for (const file of linted.files) {
    if (unparsed.has(file)) continue
    // As ESLint does, whose columns are without it.
    const code = readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, '')
    const suppressions = withSilenced(suppressionsOf(file, code), silenced.get(file) ?? [])
    const unreasoned = suppressions.filter(({ reason }) => reason === '')
    for (const suppression of unreasoned) findings.push(findingOf(suppression))
    const sorted = sortedOut(suppressions, unused.get(file) ?? [], known)
    suppressed.push(...sorted.suppressed.filter(({ reason }) => reason !== ''))
    idle.push(...sorted.idle.filter(({ reason }) => reason !== ''))
    if (withFindings.has(file) || unreasoned.length > 0) hashes.set(file, hashesOf(code))
  }
  return {
    findings: inOrder(findings).map((finding) => keyed(finding, hashes.get(finding.file) ?? hashesOf(''))),
    suppressed,
    idle,
  }
}
