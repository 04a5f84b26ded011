import { format } from 'node:util'
import { briefError, isError } from '../../errors/record.js'
import { redact } from '../../redact/redact.js'

const placeholder = /%[sdifjoOc%]/g

/** How many values the text's placeholders take. */
export function placeholdersIn(text: string): number {
  if (!text.includes('%')) return 0
  return (text.match(placeholder) ?? []).filter((each) => each !== '%%').length
}

/**
 * `util.format(...values)` of redacted copies, so that no secret of an object becomes text; an error is its type and
 * message. Never throws: where values can't be formatted, the first one alone. Costs a copy of every object.
 */
export function printf(...values: readonly unknown[]): string {
  const shown = values.map((value) => (isError(value) ? errorText(value) : redact(value)))
  try {
    return format(...shown)
  } catch {
    return String(shown[0])
  }
}

function errorText(error: Error): string {
  const { type, message } = briefError(error)
  return redact(message === '' ? type : `${type}: ${message}`)
}
