import { ownCopy } from '../redact/own-copy.js'

export const queryTypes = ['select', 'insert', 'update', 'delete', 'other'] as const

export type QueryType = (typeof queryTypes)[number]

const maxStatement = 2000
const maxKnown = 500

export interface Statement {
  readonly type: QueryType
  /** What may be logged: see `withoutLiterals`. */
  readonly shown: string
}

const known = new Map<string, Statement>()

/**
 * What a statement does, and what may be shown of it. The first 500 without literals are remembered, since a service has
 * few and sends them often; one with literals, which may be secrets, is not.
 */
export function statementOf(statement: string): Statement {
  const there = known.get(statement)
  if (there !== undefined) return there
  const read = { type: queryType(statement), shown: withoutLiterals(statement) }
  if (known.size < maxKnown && statement.length <= maxStatement && read.shown === onOneLine(statement))
    known.set(ownCopy(statement), read)
  return read
}
const firstWord = /^(?:\s|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\()*([a-z]+)/i
const quoted = /"(?:[^"]|"")*(?:"|$)/g
const mainWord = /\b(?:select|insert|update|delete)\b/i
// A `with` is read further than it is shown: its own statement comes last.
const maxWith = 20_000

/** What a statement does, by its first word; of a `with`, what follows it. */
export function queryType(statement: string): QueryType {
  const word = firstWord.exec(statement.slice(0, maxStatement))?.[1]?.toLowerCase() ?? ''
  if (word === 'with') return mainType(statement.slice(0, maxWith))
  return (queryTypes as readonly string[]).includes(word) ? (word as QueryType) : 'other'
}

/** The first verb that stands in no parentheses. */
function mainType(statement: string): QueryType {
  let outside = ''
  let depth = 0
  for (const part of plain(statement)
    .replace(quoted, '')
    .split(/([()])/)) {
    if (part === '(') depth++
    else if (part === ')') depth--
    else if (depth === 0) outside += part
  }
  return (mainWord.exec(outside)?.[0].toLowerCase() as QueryType | undefined) ?? 'select'
}

// As PostgreSQL's lexer cuts them (its manual, "Lexical Structure"): identifiers take `$`, and every character beyond ASCII
// is a letter. Identifiers are matched so that nothing inside one is taken for the start of a literal.
const tokens = new RegExp(
  [
    String.raw`\$([A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$[^]*?(?:\$\1\$|$)`,
    String.raw`[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)`,
    String.raw`(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)`,
    String.raw`(?<kept>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*|"(?:[^"]|"")*(?:"|$)|\$\d+)`,
    String.raw`(?<comment>--[^\n\r]*|/\*)`,
    String.raw`\d[\w.]*`,
  ].join('|'),
  'g',
)

/**
 * A statement without its literals and comments, on one line: what may be logged. Strings and numbers become `?`; quoted
 * identifiers and parameters stay. Linear in the statement, of which the first 2,000 characters are shown.
 */
export function withoutLiterals(statement: string): string {
  const shown = statement.length > maxStatement ? statement.slice(0, maxStatement) : statement
  const line = onOneLine(plain(shown))
  return statement.length > maxStatement ? `${line}…(+${statement.length - maxStatement} chars)` : line
}

function onOneLine(statement: string): string {
  return statement.replace(/\s+/g, ' ').trim()
}

function plain(statement: string): string {
  let out = ''
  let at = 0
  tokens.lastIndex = 0
  for (let token = tokens.exec(statement); token !== null; token = tokens.exec(statement)) {
    out += statement.slice(at, token.index)
    const { kept, comment } = token.groups!
    if (comment === '/*') tokens.lastIndex = endOfComment(statement, tokens.lastIndex)
    out += comment === undefined ? (kept ?? '?') : ' '
    at = tokens.lastIndex
  }
  return out + statement.slice(at)
}

/** Block comments nest. */
function endOfComment(statement: string, from: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = from
  for (let depth = 1; depth > 0;) {
    const mark = marks.exec(statement)?.[0]
    if (mark === undefined) return statement.length
    depth += mark === '/*' ? 1 : -1
  }
  return marks.lastIndex
}
