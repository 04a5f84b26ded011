import { prefix, type Finding } from '../finding.js'
import type { HostName } from '../options.js'
import { commentsOf, type Comment } from './comments.js'

/** A comment that switches rules of ours off. */
export interface Suppression {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Ours, without the prefix; `all rules` for a comment that names none. */
  readonly rules: readonly string[]
  readonly reason: string
}

export const withoutReason = 'suppression-without-reason'
export const allRules = 'all rules'

/** What the comments of a file switch off, as the host reads them. */
export function suppressionsOf(file: string, code: string, host: HostName): Suppression[] {
  // Few files have one, and to look for it is cheaper than to read.
  if (!/(?:eslint|oxlint)-disable/.test(code) && !/\beslint\s/.test(code)) return []
  return commentsOf(code).flatMap((comment) => {
    const { line, column } = comment
    const { rules, reason } = disabled(comment, host) ?? setOff(comment, host) ?? { rules: [], reason: '' }
    return rules.length === 0 ? [] : [{ file, line, column, rules, reason }]
  })
}

export function findingOf({ file, line, column, rules }: Suppression): Finding {
  const what = rules.map((rule) => (rule === allRules ? rule : prefix + rule)).join(', ')
  return {
    file,
    line,
    column,
    rule: withoutReason,
    severity: 'error',
    message: `This comment switches off ${what} and does not say why: add the reason after " -- ".`,
  }
}

interface Directive {
  readonly rules: readonly string[]
  readonly reason: string
}

function disabled({ text, isBlock }: Comment, host: HostName): Directive | undefined {
  const [, owner, where, rest = ''] =
    /^\s*(eslint|oxlint)-disable(-next-line|-line)?(?:\s([^]*))?$/.exec(text) ?? []
  if (owner === undefined) return undefined
  // ESLint reads neither oxlint's comments nor, of a whole file, one that ends with its line.
  if (host === 'eslint' && (owner === 'oxlint' || (where === undefined && !isBlock))) return undefined
  const { list, reason } = parts(rest, host)
  const named = list.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
  if (named.length === 0) return { rules: [allRules], reason }
  return { rules: named.flatMap((name) => withoutPrefix(name)), reason }
}

/** `eslint telltale/no-console: off` in a block comment, which ESLint alone reads. */
function setOff({ text, isBlock }: Comment, host: HostName): Directive | undefined {
  const [, rest] = /^\s*eslint\s([^]*)$/.exec(text) ?? []
  if (rest === undefined || !isBlock || host !== 'eslint') return undefined
  const { list, reason } = parts(rest, host)
  const off = list.matchAll(/["']?(telltale\/[\w-]+)["']?\s*:\s*\[?\s*["']?(?:off|0)\b/g)
  return { rules: [...off].flatMap(([, name = '']) => withoutPrefix(name)), reason }
}

/** To ESLint a "--" with nothing behind it is part of a rule's name, which then names none. */
function parts(text: string, host: HostName): { list: string; reason: string } {
  const [list = '', ...reason] = (host === 'eslint' ? ` ${text.trimEnd()}` : ` ${text} `).split(
    /\s-{2,}(?=\s)/,
  )
  return { list, reason: reason.join(' -- ').replace(/\s+/g, ' ').trim() }
}

function withoutPrefix(name: string): string[] {
  return name.startsWith(prefix) && !/\s/.test(name) ? [name.slice(prefix.length)] : []
}
