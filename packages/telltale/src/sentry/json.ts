// A half of a surrogate pair, which JSON.stringify writes as an escape; the other escapes are taken so that a backslash of a
// text is not one of theirs.
const escapes = /\\(?:ud[89a-f][\da-f]{2}|[^])/g

/**
 * As JSON that every server reads: a BigInt as its text, half a surrogate pair as U+FFFD, since Sentry's refuses an event
 * that has no UTF-8. Throws for what is no JSON: a cycle.
 */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value, asText) ?? 'null'
  if (!text.includes('\\ud')) return text
  return text.replace(escapes, (escape) => (escape.length > 2 ? '\ufffd' : escape))
}

/** What JSON makes of it. */
export function plain(value: unknown): unknown {
  return JSON.parse(jsonOf(value))
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
