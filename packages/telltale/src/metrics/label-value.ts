import { policy } from '../redact/policy.js'

/** Every label's value on the one series that takes what is beyond the limit. */
export const overflowValue = '_overflow'

const maxLength = 256
// A secret that begins before the cut must be seen whole by the value rule.
const screenedPast = 8192

/** A label value as text: `1` and `'1'` are one series. Undefined for what is no label value: objects, NaN, null. */
export function printed(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  return typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : undefined
}

/**
 * What is written for the label `name`: screened by the redaction policy, at most 256 characters, well-formed
 * Unicode. About a microsecond; called when a series is created, and for each value that is not written as given.
 */
export function screened(name: string, value: string): string {
  if (policy.current.key(name)) return policy.current.censor
  let text = policy.current.text(value.slice(0, maxLength + screenedPast), name)
  if (text.length > maxLength) text = `${text.slice(0, maxLength - 1)}…`
  // Also a copy: as a map key, a slice of a large string would keep all of it alive.
  return wellFormed(text)
}

/** `name="value"` as the text formats write it. */
export function pair(name: string, value: string): string {
  return `${name}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`
}

/** Label pairs as the redaction policy has them now; the same text where it changes none. About a microsecond a label. */
export function screenedPairs(pairs: string): string {
  return pairs.replace(/(\w+)="((?:[^"\\]|\\.)*)"/gs, (written, name: string, escaped: string) => {
    const value = unescaped(escaped)
    const text = value === overflowValue ? value : screened(name, value)
    return text === value ? written : pair(name, text)
  })
}

/** The values of label pairs as `pair` writes them, joined by commas. */
export function labelValues(pairs: string): string[] {
  return [...pairs.matchAll(/="((?:[^"\\]|\\.)*)"(?:,|$)/gs)].map(([, value]) => unescaped(value!))
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c))
}

/** A copy in which lone surrogates, which UTF-8 has no bytes for, are U+FFFD. */
export function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
