import { listMembers, trimmed } from './list-members.js'

// What the specification has every platform carry at least; more is nobody's due.
const maxMembers = 64
const maxBytes = 8192

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const value = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/

/**
 * The caller's baggage as it is forwarded, by https://www.w3.org/TR/baggage/ section 3: members that are malformed are
 * left out, and so is what is past 64 members or 8,192 bytes, whole members each. It is the application's own data:
 * it is carried, and never written anywhere. Undefined where nothing is left.
 */
export function parseBaggage(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined
  const kept: string[] = []
  let bytes = -1
  for (const member of listMembers(header)) {
    if (kept.length === maxMembers) break
    if (bytes + member.length + 1 > maxBytes || !isMember(member)) continue
    bytes += member.length + 1
    kept.push(member)
  }
  return kept.length === 0 ? undefined : kept.join(',')
}

/** `key = value; property; property = value` */
function isMember(text: string): boolean {
  const [pair, ...properties] = text.split(';')
  return isPair(pair!) && properties.every((property) => isPair(property) || token.test(trimmed(property)))
}

function isPair(text: string): boolean {
  const equals = text.indexOf('=')
  return (
    equals > 0 && token.test(trimmed(text.slice(0, equals))) && value.test(trimmed(text.slice(equals + 1)))
  )
}
