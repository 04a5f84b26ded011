import { censor } from './censor.js'
import { isAlphanumeric, isBlank, isKeyChar, isQuote, isSpace } from './chars.js'
import type { KeyRule } from './keys.js'
import {
  endOfBare,
  endOfEncoded,
  endOfLine,
  endOfNested,
  endOfParenthesis,
  endOfQuoted,
  quoteAt,
  type Quote,
} from './value-end.js'

const maxKey = 128
const header = /(?:authorization|cookies?)[^a-z]*$/i
const number = /^-?\d+(?:\.\d+)?$/
const lastName = /([\p{L}\p{N}_$.\-[\]]+)[^\p{L}\p{N}]*$/u

interface Key {
  name: string
  start: number
  /** The quotes around the key, as in JSON. */
  quote: Quote | undefined
}

/**
 * `key=value`, `key: value`, `"key":"value"` and their escaped and percent-encoded forms: the value goes where the key
 * rule holds. From each separator it looks back at most to the one before it and 128 characters, and continues behind
 * the value that it took, so the time is linear.
 */
export function screenPairs(text: string, isSecretKey: KeyRule, encoded: boolean): string {
  let out = ''
  let kept = 0
  let floor = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // = : %3D %3A
    const escaped = encoded && code === 37 && isEscapedSeparator(text, i)
    if (code !== 61 && code !== 58 && !escaped) continue
    const key = keyBefore(text, i, Math.max(floor, i - maxKey), escaped)
    floor = escaped ? i + 3 : i + 1
    if (code === 58 && key !== undefined && isPlace(text, floor, key)) continue
    const value = key && valueAfter(text, i, floor, key, isSecretKey, escaped)
    if (value === undefined) continue
    if (text.slice(value.start, value.end) !== censor) {
      out += text.slice(kept, value.start) + value.shown
      kept = value.end
    }
    floor = Math.max(floor, value.end)
    i = floor - 1
  }
  return kept === 0 ? text : out + text.slice(kept)
}

const sourceFile = /\.[cm]?[jt]sx?$/i
const lineAndColumn = /\d{1,7}(?::\d{1,7})?(?![\w.:-])/y

/** `auth-token.ts:12:5`, as stack traces name a place, is no key with its value. */
function isPlace(text: string, at: number, key: Key): boolean {
  if (key.quote !== undefined || !sourceFile.test(key.name)) return false
  lineAndColumn.lastIndex = at
  return lineAndColumn.test(text)
}

function isEscapedSeparator(text: string, at: number): boolean {
  if (text.charCodeAt(at + 1) !== 51) return false
  const digit = text.charCodeAt(at + 2) | 32
  return digit === 97 || digit === 100
}

function keyBefore(text: string, separator: number, floor: number, escaped: boolean): Key | undefined {
  let end = separator
  while (end > floor && isSpace(text.charCodeAt(end - 1))) end--
  let quote: Quote | undefined
  let start: number
  if (!escaped && isQuote(text.charCodeAt(end - 1)) && end > floor) {
    const code = text.charCodeAt(--end)
    const quoteEnd = end
    while (end > floor && text.charCodeAt(end - 1) === 92) end--
    quote = { code, slashes: quoteEnd - end }
    start = end
    while (start > floor && text.charCodeAt(start - 1) !== code) start--
  } else if (!escaped && text.charCodeAt(end - 1) === 41 && end > floor) {
    // Key (email, password)=(…): as PostgreSQL details a violated constraint.
    start = --end
    while (start > floor && text.charCodeAt(start - 1) !== 40) start--
  } else {
    start = end
    while (start > floor && isKeyChar(text.charCodeAt(start - 1))) start--
  }
  if (!hasLetters(text, start, end)) return undefined
  const name = text.slice(start, end)
  return { name: name.includes('%') ? decode(name) : name, start, quote }
}

/** Two letters at least: a time or a number is no key and would only fill the rule's cache. */
function hasLetters(text: string, start: number, end: number): boolean {
  let letters = 0
  for (let i = start; i < end; i++) if (text.charCodeAt(i) >= 65 && ++letters === 2) return true
  return false
}

const malformed = /%(?![\da-f]{2})/i
const beyondAscii = /%[89a-f]/i

function decode(name: string): string {
  // What decodeURIComponent throws costs more than all the rest: it is asked only where it may know better.
  if (malformed.test(name)) return decodeAscii(name)
  const decoded = beyondAscii.test(name) ? decodeUtf8(name) : decodeAscii(name)
  return decoded === undefined ? decodeAscii(name) : (lastName.exec(decoded.slice(-maxKey))?.[1] ?? decoded)
}

function decodeUtf8(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}

/** Where an escape is cut by the look back, or is not UTF-8. */
function decodeAscii(name: string): string {
  return name.replace(/%[\da-f]{2}/gi, (escape) => {
    const code = Number.parseInt(escape.slice(1), 16)
    return code < 128 ? String.fromCharCode(code) : ' '
  })
}

interface Value {
  start: number
  end: number
  shown: string
}

function valueAfter(
  text: string,
  separator: number,
  from: number,
  key: Key,
  isSecretKey: KeyRule,
  escaped: boolean,
): Value | undefined {
  const label = isSecretKey(key.name) ? key.name : secretLabel(text, key, isSecretKey)
  if (label === undefined) return undefined
  if (escaped) return encodedValue(text, from)

  let start = from
  const equals = text.charCodeAt(separator) === 61
  // => and ==
  if (equals && (text.charCodeAt(start) === 62 || text.charCodeAt(start) === 61)) start++
  const skips = key.quote === undefined ? isBlank : isSpace
  while (start < text.length && skips(text.charCodeAt(start))) start++
  if (start === text.length) return undefined

  if (key.quote === undefined && header.test(key.name) && !inQuery(text, key)) {
    return headerValue(text, start, key)
  }
  const quote = quoteAt(text, start)
  if (quote !== undefined) {
    const open = start + quote.slashes + 1
    return { start: open, end: endOfQuoted(text, open, quote), shown: censor }
  }
  if (text.charCodeAt(start) === 40 && text.charCodeAt(separator - 1) === 41) {
    return { start: start + 1, end: endOfParenthesis(text, start + 1), shown: censor }
  }
  const shown = inQuotes(censor, key.quote)
  if (isNested(text, start)) {
    const end = endOfNested(text, start)
    return { start, end: key.quote === undefined ? Math.max(end, endOfBare(text, end, false)) : end, shown }
  }
  const end = endOfBare(text, start, key.quote !== undefined)
  if (end === start) return undefined
  const bare = text.slice(start, end)
  // `tokens=512` is a count.
  if (number.test(bare) && !isSecretKey(label, Number(bare))) return undefined
  return { start, end, shown: bare === censor ? censor : shown }
}

/** "API key: …", "Session ID: …": two words that are a pair of the key rule, though the last alone passes. */
function secretLabel(text: string, key: Key, isSecretKey: KeyRule): string | undefined {
  if (key.quote !== undefined || !isBlank(text.charCodeAt(key.start - 1))) return undefined
  const end = key.start - 1
  let start = end
  while (start > 0 && end - start < maxKey && isAlphanumeric(text.charCodeAt(start - 1))) start--
  const before = text.slice(start, end)
  const label = `${before} ${key.name}`
  if (start === end || !isSecretKey(label)) return undefined
  // Neither word alone: `token_type` and what `allow` names pass behind any word.
  return isSecretKey(before) || isSecretKey(`x ${key.name}`) ? undefined : label
}

const isNested = (text: string, at: number): boolean => text[at] === '{' || text[at] === '['

function inQuery(text: string, key: Key): boolean {
  const before = text[key.start - 1]
  return before === '?' || before === '&'
}

const closing = /^\\*["'`]?\s{0,8}(?:$|[,}\])])/

/**
 * Credentials, cookies: all of the line, unless the value is a whole string or list, as in an inspected object. Never
 * less than was looked at, so that no text is looked at twice.
 */
function headerValue(text: string, start: number, key: Key): Value {
  const quote = quoteAt(text, start)
  let seen = start
  if (quote !== undefined) {
    const open = start + quote.slashes + 1
    seen = endOfQuoted(text, open, quote)
    if (closing.test(text.slice(seen, seen + 16))) return { start: open, end: seen, shown: censor }
  } else if (isNested(text, start)) {
    seen = endOfNested(text, start)
    if (/^\s{0,8}(?:$|[,}\])])/.test(text.slice(seen, seen + 16))) return { start, end: seen, shown: censor }
  }
  const around = quoteBefore(text, key.start)
  const end = endOfLine(text, start, around?.code === quote?.code ? undefined : around)
  return { start, end: Math.max(seen, end), shown: censor }
}

/** The quote right before a key, in which the whole header stands: `-H "Cookie: a=b"`. */
function quoteBefore(text: string, at: number): Quote | undefined {
  const code = text.charCodeAt(at - 1)
  if (!isQuote(code)) return undefined
  let slashes = 0
  while (text.charCodeAt(at - 2 - slashes) === 92) slashes++
  return { code, slashes }
}

function encodedValue(text: string, from: number): Value | undefined {
  const opening = text.slice(from, from + 3).toUpperCase()
  const quoted = opening === '%22' || opening === '%27'
  const start = quoted ? from + 3 : from
  const end = endOfEncoded(text, from, opening)
  return end <= start ? undefined : { start, end, shown: censor }
}

function inQuotes(shown: string, quote: Quote | undefined): string {
  if (quote === undefined) return shown
  const mark = '\\'.repeat(quote.slashes) + String.fromCharCode(quote.code)
  return mark + shown + mark
}
