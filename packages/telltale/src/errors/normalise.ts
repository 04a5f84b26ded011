import { censor } from '../redact/censor.js'
import { policy } from '../redact/policy.js'

const maxMessage = 1024

const quoted = /"[^"]*"|(?<!\w)'[^']*'(?!\w)|`[^`]*`|“[^”]*”|«[^»]*»/g
const unclosed = /(?<!\w)["'`“«][^"'`”»]*$/
const url = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'`<>]+/gi
const token = /[^\s"'`,;()<>=]+/g
const word = /[\w-]+/g
const hex = /^[0-9a-f]{8,}$/i

/**
 * A message without what varies from one occurrence to the next: quoted texts, URLs, paths, addresses, whatever has a digit
 * in it; each becomes `*`. Screened first, so that nothing secret makes the group. Linear in the first 1,024 characters.
 */
export function normalise(message: string): string {
  const head = message.slice(0, maxMessage)
  let text = policy.current.text(head).replaceAll(censor, '*')
  // V8 quotes the text that it can't parse, with the quotes in it.
  if (text.includes('JSON')) text = text.replace(/Unexpected .*(?: is not valid JSON| in JSON)/s, '* JSON')
  text = text.replace(quoted, '*')
  if (head.length < message.length) text = text.replace(unclosed, '*')
  if (text.includes('://')) text = text.replace(url, '*')
  return text
    .replace(token, withoutData)
    .replace(/[:.]*\*(?:[\s.,:;/-]+\*)+/g, '*')
    .replace(/\s+/g, ' ')
    .trim()
}

function withoutData(text: string): string {
  if (/[\\/@]/.test(text)) return '*'
  return text.replace(word, (each) => (/\d/.test(each) || hex.test(each) ? '*' : each))
}
