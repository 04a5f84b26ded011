import { prefix, type Finding, type Silenced } from '../finding.js'
import { directivesIn } from './directives.js'

/** A comment that switches rules of ours off, or sets them otherwise than the configuration does. */
export interface Suppression {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Ours, without the prefix; `all rules` for a comment that names none. */
  readonly rules: readonly string[]
  readonly reason: string
  readonly does: 'switches off' | 'changes'
}

export const withoutReason = 'suppression-without-reason'
export const allRules = 'all rules'

const named = /(?<![\w@/-])telltale\/(\w+(?:-\w+)*)/g
const namedKey = /(?<![\w@/-])telltale\/(\w+(?:-\w+)*)["']?\s*:\s*/g
/** What takes nothing from a rule: an array would, it sets the options anew. */
const plainError = /(["']?)(?:error|2)\1\s*(?:[,}"'\w@]|$)/y

/** What the comments of a file hold back in either host: a baseline is the same from both, and so is what it holds. */
export function suppressionsOf(file: string, code: string): Suppression[] {
  return directivesIn(code).flatMap(({ keyword, text, line, column }) => {
    const { list, reason } = parts(text)
    const isSetting = keyword === 'eslint'
    const rules = isSetting ? setOtherwise(list) : switchedOff(list)
    const does = isSetting ? 'changes' : 'switches off'
    return rules.length === 0 ? [] : [{ file, line, column, rules, reason, does }]
  })
}

/** With what the host knows of and nothing in the text tells, in a language of its own comments for instance. */
export function withSilenced(suppressions: Suppression[], silenced: readonly Silenced[]): Suppression[] {
  const told = new Set(suppressions.flatMap(({ rules }) => rules))
  const untold = silenced.filter(({ rule }) => !told.has(allRules) && !told.has(rule))
  const more = untold.map(({ file, line, column, rule, reason }) => ({
    ...{ file, line, column, rules: [rule], reason },
    does: 'switches off' as const,
  }))
  return [...suppressions, ...more]
}

export function findingOf({ file, line, column, rules, does }: Suppression): Finding {
  const what = rules.map((rule) => (rule === allRules ? rule : prefix + rule)).join(', ')
  return {
    file,
    line,
    column,
    rule: withoutReason,
    severity: 'error',
    message: `This comment ${does} ${what} and does not say why: add the reason after " -- ".`,
  }
}

/** The first to be named is none where oxlint takes it for the reason already. */
function switchedOff(list: string): string[] {
  const first = list.split(/[\s\u0085,"']+/, 2).find((name) => name !== '')
  if (first === undefined || first === '-' || first.startsWith('--')) return [allRules]
  return distinct(list.matchAll(named))
}

/** `eslint telltale/no-console: off`, or options that let more pass, in a form near to JSON, escapes included. */
function setOtherwise(list: string): string[] {
  const plain = list
    .replace(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('\\', '')
  return distinct(
    [...plain.matchAll(namedKey)].filter((match) => {
      plainError.lastIndex = match.index + match[0].length
      return !plainError.test(plain)
    }),
  )
}

function distinct(matches: Iterable<RegExpExecArray>): string[] {
  return [...new Set([...matches].map(([, name = '']) => name))]
}

function parts(text: string): { list: string; reason: string } {
  const [list = '', ...reason] = ` ${text} `.split(/\s-{2,}(?=\s)/)
  return { list, reason: reason.join(' -- ').replace(/\s+/g, ' ').trim() }
}
