import { createHash } from 'node:crypto'
import { compareTexts, type Finding } from '../finding.js'
import { lineBreak } from '../lines.js'

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

export function keyed(finding: Finding, hashOf: HashOfLine): Keyed {
  const { file, rule, message } = finding
  return { ...finding, key: { file, rule, line: hashOf(finding.line), message } }
}

/** The short hash of a line, by its number; how it is indented and spaced does not count. */
export type HashOfLine = (line: number) => string

/** Each line is hashed once: a bundle has all its findings in one. */
export function hashesOf(code: string): HashOfLine {
  const lines = code.split(lineBreak)
  const known = new Map<number, string>()
  return (line) => {
    const hash = known.get(line) ?? hashOfText(lines[line - 1] ?? '')
    known.set(line, hash)
    return hash
  }
}

function hashOfText(line: string): string {
  const text = line.trim().replace(/\s+/g, ' ')
  return createHash('sha256').update(text).digest('hex').slice(0, hashLength)
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
