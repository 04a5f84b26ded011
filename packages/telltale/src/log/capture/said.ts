import { briefError, isError } from '../../errors/record.js'
import { placeholdersIn, printf } from './printf.js'

/** What arguments in the manner of `console.log` say: one text, and the first error that no placeholder takes. */
export interface Said {
  readonly text: string
  readonly error: Error | undefined
}

/** Reads `('text %s', value, error)`, `(error)` and `(anything, …)`. Never throws. */
export function said(values: readonly unknown[]): Said {
  const [first] = values
  const taken = typeof first === 'string' ? 1 + placeholdersIn(first) : 0
  const at = values.findIndex((value, index) => index >= taken && isError(value))
  if (at === -1) return { text: printf(...values), error: undefined }
  const error = values[at] as Error
  const others = values.filter((_value, index) => index !== at)
  return { text: others.length === 0 ? briefError(error).message : printf(...others), error }
}
