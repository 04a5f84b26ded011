import { copyFields } from '../encode/copy.js'
import { isError } from '../errors/record.js'
import { placeholdersIn, printf } from '../log/capture/printf.js'
import { said } from '../log/capture/said.js'
import { show } from '../self/show.js'

/** An event as Telltale's loggers take it. */
export interface Call {
  readonly event: string
  readonly fields: object | undefined
}

const eventName = /^[a-z][a-z0-9_.]{0,127}$/

/**
 * Reads a call in pino's forms: `(fields, text, ...values)`, `(text, ...values)` with printf's placeholders, `(error)`,
 * `(error, text)`; and in Telltale's, `(event, fields)`. A text that is an event's name is the event; another one is the
 * `message` of the event `log`. What pino drops, a value that no placeholder takes, is kept. Never throws.
 */
export function readCall(first: unknown, rest: readonly unknown[]): Call {
  if (typeof first === 'string') return ofText(first, rest)
  const [text, ...values] = rest
  const fields = fieldsOf(first)
  if (typeof text === 'string') return named(printf(text, ...values), fields ?? valueOf(first))
  if (fields !== undefined) return isError(first) ? { event: 'error', fields } : ofFields(fields)
  return { event: 'log', fields: valueOf(first) && { message: show(first) } }
}

// Pino's own key for the text, which some write themselves.
function ofFields(fields: object): Call {
  const { msg, ...own } = copyFields(fields)
  return typeof msg === 'string' ? named(msg, own) : { event: 'log', fields }
}

function ofText(text: string, values: readonly unknown[]): Call {
  if (values.length === 0) return named(text, undefined)
  const taken = placeholdersIn(text)
  if (values.length === taken + 1) {
    const shown = taken === 0 ? text : printf(text, ...values.slice(0, taken))
    const fields = fieldsOf(values[taken])
    if (fields !== undefined || eventName.test(shown)) return named(shown, fields ?? valueOf(values[taken]))
  }
  const { text: message, error } = said([text, ...values])
  return named(message, error && { error })
}

function fieldsOf(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return isError(value) ? { error: value } : value
}

function valueOf(value: unknown): object | undefined {
  return value === undefined || value === null ? undefined : { value }
}

function named(text: string, fields: object | undefined): Call {
  if (eventName.test(text)) return { event: text, fields }
  // Both are kept: a field that is called so stands beside the text, as beside a key of the line.
  const { message, ...own } = copyFields(fields)
  return {
    event: 'log',
    fields: { message: text, ...(message !== undefined && { message_: message }), ...own },
  }
}
