import { lineBreak } from '../lines.js'

/** A text that a host may take for a comment which tells it what to do. */
export interface Directive {
  /** `eslint`, or `eslint-disable…` and `oxlint-disable…`. */
  readonly keyword: string
  /** What follows the keyword in the comment. */
  readonly text: string
  /** Where the comment begins, as ESLint counts. */
  readonly line: number
  readonly column: number
}

// Each host has a blank that the other does not know: the byte order mark ESLint's, U+0085 oxlint's.
const opened =
  /(?:(?:\/\/|\/\*|<!--|-->)[\s\u0085]*((?:eslint|oxlint)-disable(?:-next-line|-line)?)|\/\*[\s\u0085]*(eslint))(?![\w-])/g

/**
 * All that look like one, by their text alone: what is code and what is a string, a template, a regular expression or the
 * text of JSX needs the host's own parser, and to be wrong about that would let a comment slip by. So one that is quoted in
 * a string is found as well.
 *
 * Of several that end together, in one comment then, the first has all of the text and each other what is its own: linear.
 */
export function directivesIn(code: string): Directive[] {
  const found = [...code.matchAll(opened)]
  const place = placing(code)
  const lineEnd = ending(code, /[\n\r\u2028\u2029]|$/g)
  const blockEnd = ending(code, /\*\/|$/g)
  return found.map((match, index) => {
    const [whole, disable, keyword = disable ?? ''] = match
    const from = match.index + whole.length
    const { end, isShared } = whole.startsWith('/*') ? blockEnd(from) : lineEnd(from)
    const next = found[index + 1]?.index ?? end
    const text = code.slice(from, isShared ? Math.min(next, end) : end)
    return { keyword, text, ...place(match.index) }
  })
}

/** Where a comment ends, of places in order: the same end is looked for once. */
function ending(code: string, pattern: RegExp) {
  let end = -1
  return (from: number) => {
    const isShared = end >= from
    if (!isShared) {
      pattern.lastIndex = from
      end = pattern.exec(code)?.index ?? code.length
    }
    return { end, isShared }
  }
}

/** Lines and columns, of places in order. */
function placing(code: string) {
  const breaks = code.matchAll(lineBreak)
  let next = breaks.next()
  let [line, start] = [1, 0]
  return (at: number) => {
    while (!next.done && next.value.index < at) {
      line++
      start = next.value.index + next.value[0].length
      next = breaks.next()
    }
    return { line, column: at - start + 1 }
  }
}
