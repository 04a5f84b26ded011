import type { SentryEvent } from './event.js'
import { quotesStatement, statementOf, textOf } from './sql.js'

const named = /^(?:statement|db\.statement|db\.query\.text|sql|query)$/
const parameters = /^(?:params|parameters|bindings|values|variables|arguments|args)$/
// What PostgreSQL tells of the row that an error is about stands in these (its protocol, "Error and Notice Message Fields").
const toldOfRows = /^(?:detail|where|internalQuery)$/
// Any text that quotes a statement or a URL's query has one of these.
const telling = /[?#]|\b(?:select|values|exec|into|from|set)\b/i
// Deeper than what the log writes.
const maxDepth = 24

type Plain = Record<string, unknown>

/** Names of an event, from its top, below which no text is the service's own, or each has lost its literals already. */
interface Left {
  readonly [name: string]: true | Left
}

const ofValues: Left = { values: { stacktrace: true } }
const ours: Left = {
  event_id: true,
  platform: true,
  sdk: true,
  // A route may have a `?`.
  transaction: true,
  exception: ofValues,
}
const theirs: Left = {
  ...ours,
  threads: ofValues,
  spans: true,
  items: true,
  attributes: true,
  contexts: { trace: { data: true } },
}

/**
 * An event without the literals of the statements that its texts quote, as the messages of some drivers do, the parameters
 * beside them, and the queries of URLs.
 */
export function withoutStatements(event: SentryEvent): SentryEvent {
  return shown(event, ours, 0) as SentryEvent
}

/** The same for an item of the SDK's, whose spans and attributes are shaped for themselves. */
export function withoutTheirStatements(payload: Plain): Plain {
  return shown(payload, theirs, 0) as Plain
}

/** Itself where nothing changes, as is usual: a copy costs more than all the looking. */
function shown(value: unknown, left: Left | undefined, depth: number, key = '', beside: Plain = {}): unknown {
  if (typeof value === 'string') return shownText(value, key, beside)
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) return '…'
  if (!Array.isArray(value)) return shownRecord(value as Plain, left, depth)
  const shownItems = value.map((each) => shown(each, left, depth + 1, key, beside))
  return shownItems.every((each, index) => each === value[index]) ? value : shownItems
}

function shownRecord(record: Plain, left: Left | undefined, depth: number): Plain {
  let copy: Plain | undefined
  for (const [name, value] of Object.entries(record)) {
    const below = left !== undefined && Object.hasOwn(left, name) ? left[name] : undefined
    if (below === true) continue
    if (isTold(record, name)) {
      copy ??= { ...record }
      delete copy[name]
      continue
    }
    const each = shown(value, below, depth + 1, name, record)
    if (each !== value) (copy ??= { ...record })[name] = each
  }
  return copy ?? record
}

/** Parameters beside their statement, and what a database tells of a row. */
function isTold(of: Plain, name: string): boolean {
  if (parameters.test(name))
    return Object.entries(of).some(
      ([other, text]) => typeof text === 'string' && (named.test(other) || quotesStatement(text)),
    )
  return toldOfRows.test(name) && typeof of['routine'] === 'string' && typeof of['severity'] === 'string'
}

/** Our own events have the system, and so the dialect, beside a statement. */
function shownText(text: string, key: string, { system }: Plain): string {
  if (named.test(key)) return statementOf(text, system)
  return telling.test(text) ? textOf(text) : text
}
