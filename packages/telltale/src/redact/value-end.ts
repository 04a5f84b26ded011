import { censor } from './censor.js'
import { isAlphanumeric, isBlank, isKeyChar, isQuote, isSpace } from './chars.js'

/** How far a value that stands in text reaches. Each function looks at what it passes once; cut-off values reach the end. */

/** Backslashes and a quote, as they open a string: `"` in text, `\"` in JSON inside JSON, `\\\"` one deeper. */
export interface Quote {
  code: number
  slashes: number
}

/** The quote that opens at `at`, if one does. */
export function quoteAt(text: string, at: number): Quote | undefined {
  let i = at
  while (text.charCodeAt(i) === 92) i++
  return isQuote(text.charCodeAt(i)) ? { code: text.charCodeAt(i), slashes: i - at } : undefined
}

/** Whether `quote` closes here, with `before` backslashes before the same character. */
function closes({ slashes }: Quote, before: number): boolean {
  return before < slashes || Math.floor((before - slashes) / (slashes + 1)) % 2 === 0
}

/** Index of the first character of the closing quote (its backslashes included), or the text's length. */
export function endOfQuoted(text: string, from: number, quote: Quote): number {
  const { code, slashes } = quote
  let before = 0
  for (let i = from; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 92) {
      before++
      continue
    }
    if (char === code && closes(quote, before)) {
      // SQL and CSV double a quote inside a string.
      if (slashes > 0 || i === from || text.charCodeAt(i + 1) !== code) return i - Math.min(before, slashes)
      i++
    }
    before = 0
  }
  return text.length
}

/** Index behind the bracket that closes the one at `from`; brackets in strings don't count. */
export function endOfNested(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 123 || char === 91) depth++
    else if (char === 125 || char === 93) {
      if (--depth === 0) return i + 1
    } else if (char === 92 || isQuote(char)) {
      const quote = quoteAt(text, i)
      if (quote === undefined) {
        // A run of backslashes is passed at once.
        while (text.charCodeAt(i + 1) === 92) i++
        continue
      }
      // An apostrophe inside a word opens nothing.
      if (quote.code === 39 && isAlphanumeric(text.charCodeAt(i - 1))) continue
      i = endOfQuoted(text, i + quote.slashes + 1, quote) + quote.slashes
    }
  }
  return text.length
}

/** Index of the parenthesis that ends a word: one inside it, before more of the word, doesn't close. */
export function endOfParenthesis(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text.charCodeAt(i) === 41 && !isAlphanumeric(text.charCodeAt(i + 1))) return i
  }
  return text.length
}

/** A bare value: to a space, a quote, or a `&`, `;` or `,` that begins the next pair. Punctuation at its end is text. */
export function endOfBare(text: string, from: number, literal: boolean): number {
  let end = from
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (isSpace(code)) break
    if (isQuote(code) && !isAlphanumeric(text.charCodeAt(end + 1))) break
    if (code === 92 && isQuote(text.charCodeAt(end + 1))) break
    // & ; ,
    if ((code === 38 || code === 59 || code === 44) && (literal || beginsPair(text, end + 1))) break
    if (literal && (code === 125 || code === 93)) break
  }
  while (end > from && ',;.)]}>&{[(\\'.includes(text.charAt(end - 1)) && !text.endsWith(censor, end)) end--
  return end
}

const maxLookahead = 64

/** Whether `key=` or `key:` stands here, within a bounded look ahead. */
function beginsPair(text: string, from: number): boolean {
  let i = from
  const limit = Math.min(text.length, from + maxLookahead)
  while (i < limit && isBlank(text.charCodeAt(i))) i++
  const start = i
  while (i < limit && isKeyChar(text.charCodeAt(i))) i++
  const code = text.charCodeAt(i)
  return i > start && (code === 61 || code === 58)
}

const maxHeaderName = 40

/**
 * The rest of a header's line: to a line break, or to an escaped one (`\r\n`, or `\n` with another header behind it),
 * or to the `around` quote that the whole header stands in, whichever is first.
 */
export function endOfLine(text: string, from: number, around: Quote | undefined): number {
  let before = 0
  for (let i = from; i < text.length; i++) {
    if (breaksLine(text, i)) return i
    const code = text.charCodeAt(i)
    if (code === around?.code && closes(around, before)) return i - Math.min(before, around.slashes)
    before = code === 92 ? before + 1 : 0
  }
  return text.length
}

function breaksLine(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) return true
  return (
    code === 92 && (text.startsWith('\\r\\n', at) || (text.startsWith('\\n', at) && headerAt(text, at + 2)))
  )
}

function headerAt(text: string, from: number): boolean {
  let i = from
  while (i < from + maxHeaderName && isKeyChar(text.charCodeAt(i))) i++
  return i > from && text.charCodeAt(i) === 58
}

/** A percent-encoded value: of a string to its closing `%22`, else to the next encoded or plain delimiter. */
export function endOfEncoded(text: string, from: number, opening: string): number {
  const nested = /^%[57]b/i.test(opening)
  let end = opening === '%22' || opening === '%27' ? from + 3 : from
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (isSpace(code) || isQuote(code) || code === 38) break
    if (code !== 37 || nested) continue
    const escape = text.slice(end, end + 3).toUpperCase()
    if (opening === '%22' || opening === '%27') {
      if (
        escape === opening &&
        !text
          .slice(end - 3, end)
          .toUpperCase()
          .startsWith('%5C')
      )
        break
    } else if (delimiters.has(escape)) break
  }
  return end
}

// & , ; } ] " '
const delimiters: ReadonlySet<string> = new Set(['%26', '%2C', '%3B', '%7D', '%5D', '%22', '%27'])
