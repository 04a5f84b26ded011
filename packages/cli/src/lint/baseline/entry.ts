import { createHash } from 'node:crypto'
import { compareTexts, type Finding } from '../finding.js'

/** What makes a finding the same one after lines have moved. */
export interface Key {
  readonly file: string
  readonly rule: string
  /** A short hash of the source line. */
  readonly line: string
  readonly message: string
}

/** A finding that was there, and how often the file has it. */
export interface Entry extends Key {
  readonly count: number
}

/** A finding of now. */
export interface Keyed extends Finding {
  readonly key: Key
}

const hashLength = 8

/** The lines are the file's; how they are indented and spaced does not count. */
export function keyed(finding: Finding, lines: readonly string[]): Keyed {
  const { file, rule, message } = finding
  const text = (lines[finding.line - 1] ?? '').trim().replace(/\s+/g, ' ')
  const line = createHash('sha256').update(text).digest('hex').slice(0, hashLength)
  return { ...finding, key: { file, rule, line, message } }
}

export function idOf({ file, rule, line, message }: Key): string {
  return JSON.stringify([file, rule, line, message])
}

/** One entry for all that are alike, in an order that is the same everywhere. */
export function entriesOf(keys: readonly Key[]): Entry[] {
  const counts = new Map<string, Entry>()
  for (const { file, rule, line, message } of keys) {
    const key = { file, rule, line, message }
    const id = idOf(key)
    counts.set(id, { ...key, count: (counts.get(id)?.count ?? 0) + 1 })
  }
  return sorted([...counts.values()])
}

export function sorted(entries: readonly Entry[]): Entry[] {
  return entries.toSorted(
    (a, b) =>
      compareTexts(a.file, b.file) ||
      compareTexts(a.rule, b.rule) ||
      compareTexts(a.line, b.line) ||
      compareTexts(a.message, b.message),
  )
}

export function total(entries: readonly Entry[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0)
}
