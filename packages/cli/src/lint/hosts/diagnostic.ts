import type { Finding, Unparsed, Unused } from '../finding.js'
import { NoVerdict } from '../no-verdict.js'
import { isUnused, unusedIn } from './our-rules.js'

/** What oxlint has to say, in its JSON. */
export interface Diagnostic {
  readonly message: string
  readonly code?: string
  readonly severity: string
  readonly filename: string
  /** `offset` counts bytes of the file, `line` and `column` as oxlint does. */
  readonly labels: readonly { readonly span: { readonly offset: number; readonly line: number } }[]
}

/** Before it is known where in ESLint's lines. */
export type Unplaced<Item> = Omit<Item, 'column'> & { readonly offset: number }

export interface Told {
  readonly findings: readonly Unplaced<Finding>[]
  readonly unused: readonly Unplaced<Unused>[]
  readonly unparsed: readonly Unparsed[]
}

/** That of a syntax error is missing, or the number that TypeScript's compiler has for it: `TS(1016)`. */
const codeOfRule = /^[^()]+\((?!\d+\)$)[^()]+\)$/

/** Throws a `NoVerdict` for settings that our rules can't use, which oxlint says of every file. */
export function toldBy(diagnostics: readonly Diagnostic[], nameOf: (path: string) => string): Told {
  const findings: Unplaced<Finding>[] = []
  const unused: Unplaced<Unused>[] = []
  const unparsed: Unparsed[] = []
  for (const { message, code = '', severity, filename, labels } of diagnostics) {
    const file = nameOf(filename)
    const { line, offset } = labels[0]?.span ?? { line: 1, offset: 0 }
    const rule = /^telltale\(([\w-]+)\)$/.exec(code)?.[1]
    if (rule !== undefined)
      findings.push({
        ...{ file, line, offset, rule, message },
        severity: severity === 'error' ? 'error' : 'warning',
      })
    else if (isUnused(message)) {
      const rules = unusedIn(message)
      if (rules !== undefined) unused.push({ file, line, offset, rules })
    } else if (!codeOfRule.test(code)) unparsed.push({ file, line, message: saidOf(message) })
  }
  return { findings, unused, unparsed }
}

/** Of a plugin that threw: what, without the stack. */
function saidOf(message: string): string {
  const [, error] = /^Error running JS plugin\.\nFile path: .*\n([^]*?)(?:\n +at |$)/.exec(message) ?? []
  if (error === undefined) return message
  const [, ofSettings] = /^Error: (settings\.telltale\b[^]*)/.exec(error) ?? []
  if (ofSettings !== undefined) throw new NoVerdict(ofSettings)
  return `a JS plugin fails: ${error}`
}
