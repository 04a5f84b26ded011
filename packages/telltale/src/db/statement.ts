export const queryTypes = ['select', 'insert', 'update', 'delete', 'other'] as const

export type QueryType = (typeof queryTypes)[number]

const maxStatement = 2000
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

const literals = new RegExp(
  [
    String.raw`\$([A-Za-z_]\w{0,62})?\$[\s\S]*?(?:\$\1\$|$)`,
    String.raw`[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)`,
    String.raw`(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)`,
    String.raw`--[^\n]*`,
    String.raw`/\*[\s\S]*?(?:\*/|$)`,
    String.raw`"(?:[^"]|"")*(?:"|$)`,
    String.raw`\$\d+`,
    String.raw`\b\d[\w.]*`,
  ].join('|'),
  'g',
)

/**
 * A statement without its literals and comments, on one line: what may be logged. Strings and numbers become `?`; quoted
 * identifiers and parameters stay. Linear in the statement, of which the first 2,000 characters are shown.
 */
export function withoutLiterals(statement: string): string {
  const shown = statement.length > maxStatement ? statement.slice(0, maxStatement) : statement
  const line = plain(shown).replace(/\s+/g, ' ').trim()
  return statement.length > maxStatement ? `${line}…(+${statement.length - maxStatement} chars)` : line
}

function plain(statement: string): string {
  return statement.replace(literals, (text) => {
    if (text.startsWith('--') || text.startsWith('/*')) return ' '
    if (text.startsWith('"') || /^\$\d+$/.test(text)) return text
    return '?'
  })
}
