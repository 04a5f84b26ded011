export const queryTypes = ['select', 'insert', 'update', 'delete', 'other'] as const

export type QueryType = (typeof queryTypes)[number]

const maxStatement = 2000
const firstWord = /^(?:\s|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\()*([a-z]+)/i
const dataWord = /\b(insert\s+into|update|delete\s+from)\b/i

/** What a statement does, by its first word; of a `with`, what follows it. */
export function queryType(statement: string): QueryType {
  const head = statement.slice(0, maxStatement)
  const word = firstWord.exec(head)?.[1]?.toLowerCase() ?? ''
  if (word === 'with')
    return (dataWord.exec(head)?.[1]?.toLowerCase().split(/\s/)[0] as QueryType | undefined) ?? 'select'
  return (queryTypes as readonly string[]).includes(word) ? (word as QueryType) : 'other'
}

const literals = new RegExp(
  [
    String.raw`\$([A-Za-z_]\w{0,62})?\$[\s\S]*?\$\1\$`,
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
  const plain = shown.replace(literals, (text) => {
    if (text.startsWith('--') || text.startsWith('/*')) return ' '
    if (text.startsWith('"') || /^\$\d+$/.test(text)) return text
    return '?'
  })
  const line = plain.replace(/\s+/g, ' ').trim()
  return statement.length > maxStatement ? `${line}…(+${statement.length - maxStatement} chars)` : line
}
