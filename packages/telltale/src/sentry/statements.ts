import { withoutLiterals } from '../db/statement.js'
import type { SentryEvent } from './event.js'
import { statementOf, textOf } from './sql.js'

// What stands in these is no text of the service's own, or has lost its literals already.
const left = new Set(['event_id', 'fingerprint', 'platform', 'request', 'sdk', 'stacktrace', 'transaction'])
const statements = /^(?:db\.statement|db\.query\.text|sql|query)$/
// Any text that quotes a statement or a URL's query has one of these.
const telling = /[?#]|\b(?:select|values|exec|into|from|set)\b/i
// Deeper than what the log writes.
const maxDepth = 24

/** An event without the literals of the statements that its texts quote, as the messages of some drivers do. */
export function withoutStatements(event: SentryEvent): SentryEvent {
  return shown(event, '', 0) as SentryEvent
}

/** Itself where nothing changes, as is usual: a copy costs more than all the looking. */
function shown(value: unknown, key: string, depth: number): unknown {
  if (typeof value === 'string') return shownText(value, key)
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) return '…'
  let copy: Record<string, unknown> | undefined
  const own = value as Record<string, unknown>
  for (const name of Object.keys(own)) {
    if (left.has(name)) continue
    const each = shown(own[name], Array.isArray(value) ? key : name, depth + 1)
    if (each === own[name]) continue
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
    copy[name] = each
  }
  return copy ?? value
}

function shownText(text: string, key: string): string {
  const isNamed = key === 'statement' || statements.test(key)
  if (!isNamed && !telling.test(text)) return text
  // What our own events call so keeps its quoted names.
  if (key === 'statement') return withoutLiterals(text)
  return statements.test(key) ? statementOf(text) : textOf(text)
}
