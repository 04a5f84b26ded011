import { withoutLiterals } from '../db/statement.js'
import type { SentryEvent } from './event.js'
import { statementOf, textOf } from './sql.js'

// What stands in these is no text of the service's own, or has lost its literals already.
const left = new Set(['event_id', 'fingerprint', 'platform', 'request', 'sdk', 'stacktrace', 'transaction'])
const statements = /^(?:db\.statement|db\.query\.text|sql|query)$/
// Deeper than what the log writes.
const maxDepth = 24

/** An event without the literals of the statements that its texts quote, as the messages of some drivers do. */
export function withoutStatements(event: SentryEvent): SentryEvent {
  return shown(event, '', 0) as SentryEvent
}

function shown(value: unknown, key: string, depth: number): unknown {
  if (typeof value === 'string') return shownText(value, key)
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) return '…'
  if (Array.isArray(value)) return value.map((each) => shown(each, key, depth + 1))
  const own = Object.entries(value) as [string, unknown][]
  return Object.fromEntries(
    own.map(([name, each]) => [name, left.has(name) ? each : shown(each, name, depth + 1)]),
  )
}

function shownText(text: string, key: string): string {
  // What our own events call so keeps its quoted names.
  if (key === 'statement') return withoutLiterals(text)
  return statements.test(key) ? statementOf(text) : textOf(text)
}
