/** What a rule says of a place. */
export interface Finding {
  /** From the folder of the run, with `/`. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** Without the plugin's prefix. */
  readonly rule: string
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** What a host made of a project. */
export interface Linted {
  readonly files: readonly string[]
  readonly findings: readonly Finding[]
  /** Held back by ESLint's eslint-suppressions.json. */
  readonly bulk: readonly Finding[]
  readonly unparsed: readonly Unparsed[]
  /** What comments held back, where the host tells it. */
  readonly silenced: readonly Silenced[]
  /** Comments, or rules in them, that hold nothing back. */
  readonly unused: readonly Unused[]
  /** Whether a rule of ours is on for any of the files. */
  readonly isConfigured: boolean
}

export interface Silenced extends Finding {
  /** What the comment says after `--`. */
  readonly reason: string
}

/** Where a comment begins, or the rule in it. */
export interface Unused {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Without the plugin's prefix; none for all that it names. */
  readonly rules: readonly string[]
}

/** What no rule has seen, for an error of syntax above all. */
export interface Unparsed {
  readonly file: string
  readonly line: number
  readonly message: string
}

export const prefix = 'telltale/'

export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      compareTexts(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareTexts(a.rule, b.rule) ||
      compareTexts(a.message, b.message),
  )
}

/** The same on every machine, which `localeCompare` is not. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
