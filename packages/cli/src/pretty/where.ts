import { createConsoleRenderer } from 'telltale/console'
import { isEntry, type Entry } from '../formats/entry.js'
import { levelOf } from '../formats/level.js'
import { UsageError } from '../usage-error.js'

const syntax = /^([^=!~]+)(?:(!=|~=|=)([\s\S]*))?$/
const maxDrawn = 512
// What stands in a key's place where a logger knows no such thing.
const insteadOf: Readonly<Record<string, string>> = { request_id: 'trace_id', event: 'message' }

/** `key=value`, `key!=value`, `key~=value` (contains, in any case), or `key` alone (is there). */
export interface Condition {
  readonly key: string
  readonly operator: '=' | '!=' | '~=' | 'there'
  readonly value: string
}

/** Throws a `UsageError` for a text that is no condition. */
export function readCondition(text: string): Condition {
  const [, key = '', operator = 'there', value = ''] = syntax.exec(text) ?? []
  if (key.trim() === '')
    throw new UsageError(
      `telltale pretty: --where "${text}" is no condition.\nAccepted: key=value, key!=value, key~=part, key. A key may be a path: error.code=ETIMEDOUT.`,
    )
  return { key: key.trim(), operator: operator as Condition['operator'], value }
}

/** A test for all conditions at once. A key is looked up in the line as drawn, then in the line as it came. */
export function createFilter(conditions: readonly Condition[]): (entry: Entry, original: Entry) => boolean {
  const drawnId = createDrawnId()
  return (entry, original) =>
    conditions.every(({ key, operator, value }) => {
      const found =
        valueAt(entry, key) ?? (Object.hasOwn(insteadOf, key) ? entry[insteadOf[key] ?? ''] : undefined)
      const given = found ?? (original === entry ? undefined : valueAt(original, key))
      if (operator === 'there') return given !== undefined && given !== null
      if (operator === '~=') return textOf(given).toLowerCase().includes(value.toLowerCase())
      const isEqual = equals(given, key, value, drawnId)
      return operator === '=' ? isEqual : !isEqual
    })
}

function equals(given: unknown, key: string, value: string, drawnId: (id: string) => string): boolean {
  if (Array.isArray(given))
    return given.some((one) => !Array.isArray(one) && equals(one, key, value, drawnId))
  const text = textOf(given)
  if (text === value) return true
  if (key === 'level') return levelOf(value) !== undefined && levelOf(value) === levelOf(text)
  if (key !== 'request_id' && key !== 'flow_id') return false
  return value !== '' && value.length <= 4 && drawnId(text) === value
}

/** `error.code` as one key, or as `code` within `error`, whichever is there. */
function valueAt(entry: Entry, path: string): unknown {
  if (Object.hasOwn(entry, path)) return entry[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    if (!Object.hasOwn(entry, head)) continue
    const inner = entry[head]
    const rest = path.slice(dot + 1)
    const found = isEntry(inner)
      ? valueAt(inner, rest)
      : Array.isArray(inner)
        ? inner[Number(rest)]
        : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value)
  } catch {
    // Nested deeper than the stack is.
    return ''
  }
}

/** An id as the console draws it: all that a line of nothing else has more than an empty one. */
function createDrawnId(): (id: string) => string {
  const render = createConsoleRenderer({ color: false, width: Infinity })
  const empty = render({})
  const seen = new Map<string, string>()
  return (id) => {
    const known = seen.get(id)
    if (known !== undefined) return known
    if (seen.size >= maxDrawn) for (const oldest of seen.keys()) if (seen.delete(oldest)) break
    const line = render({ request_id: id })
    let at = 0
    while (at < line.length && line[at] === empty[at]) at++
    const drawn = line.slice(at).trim()
    seen.set(id, drawn)
    return drawn
  }
}
