import { type ErrorRecord, fullError, isError } from '../../errors/record.js'
import { withoutSeeing } from '../../errors/seen.js'
import { keepText } from './text.js'

// In characters, of an error that is kept as it is.
const maxSize = 16_384
const maxText = 4096
const maxProperties = 64
const maxCauses = 8
// About what the object takes beside its texts.
const objectSize = 256

export interface KeptError {
  readonly error: Error
  readonly size: number
}

/**
 * The error itself where it holds texts and numbers only: its identity is what it is written in full once by. One that
 * holds more, as an HTTP client's does its response, would keep all of that: of it a copy of what is written.
 */
export function keepError(error: Error): KeptError {
  const size = sizeAsItIs(error, 0)
  return size !== undefined && size <= maxSize
    ? { error, size }
    : copyOf(withoutSeeing(() => fullError(error)))
}

/** Undefined where the error holds more than it says. */
function sizeAsItIs(error: Error, depth: number): number | undefined {
  try {
    const names = Reflect.ownKeys(error)
    if (names.length > maxProperties || depth > maxCauses) return undefined
    let size = objectSize
    for (const name of names) {
      // Reading the stack writes it out and lets go of the functions in it; in newer versions of V8 it is a getter.
      const value: unknown =
        name === 'stack' ? error.stack : (Object.getOwnPropertyDescriptor(error, name) ?? {}).value
      const own = isError(value) ? sizeAsItIs(value, depth + 1) : sizeOf(value)
      if (own === undefined) return undefined
      size += own
    }
    return size
  } catch {
    return undefined
  }
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return value.length
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? 8 : undefined
}

/** An error that is written as the record is. */
function copyOf(record: ErrorRecord): KeptError {
  let size = objectSize
  const text = (value: string, name: string): string => {
    const kept = keepText(value, name, maxText)
    size += kept.length
    return kept
  }
  const inner = (each: ErrorRecord): Error => {
    const kept = copyOf(each)
    size += kept.size
    return kept.error
  }
  const { type, stack, cause, errors, ...fields } = record
  const error = Object.create(Error.prototype) as Error & Record<string, unknown>
  for (const [name, value] of Object.entries(fields)) {
    error[name] = typeof value === 'string' ? text(value, name) : value
  }
  error.name = text(type, 'type')
  if (stack !== undefined) error.stack = text(stack, 'stack')
  if (cause !== undefined) error.cause = inner(cause)
  if (errors !== undefined)
    error['errors'] = errors.map((each) => (typeof each === 'string' ? each : inner(each)))
  return { error, size }
}
