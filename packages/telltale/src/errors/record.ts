import { limits } from '../redact/limits.js'
import { redact } from '../redact/redact.js'
import { slot } from '../state/state.js'
import { fingerprint } from './fingerprint.js'
import { firstSight } from './seen.js'

/** A thrown thing as plain data. Texts are not screened yet: the encoder does that with every string it writes. */
export interface ErrorRecord {
  type: string
  message: string
  code?: string | number
  stack?: string
  cause?: ErrorRecord
  errors?: (ErrorRecord | string)[]
  [ownField: string]: unknown
}

export const defaultErrorFields: readonly string[] = [
  'code',
  'errno',
  'syscall',
  'address',
  'port',
  'status',
  'statusCode',
  'severity',
  'constraint',
  'schema',
  'table',
  'column',
  'routine',
  'reason',
]

export const errorFields = slot('errors.fields', () => ({ current: defaultErrorFields }))

const maxCauses = 8
const maxErrors = 10
const maxRecords = 32
const maxStack = 16_384

/** Also true for errors of another realm (vm contexts, Jest), which fail `instanceof`; false for a revoked proxy. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  } catch {
    return false
  }
}

/** `{ type, message, code? }`: what an event about an already written error carries. Never throws. */
export function briefError(error: unknown): ErrorRecord {
  if (!isError(error)) return { type: kindOf(error), message: describe(error) }
  const record: ErrorRecord = { type: typeOf(error), message: messageOf(error) }
  const code = read(error, 'code')
  // A DOMException has a number from a table of 1998 that tells nobody anything.
  if (typeof code === 'string' || (typeof code === 'number' && !isDomException(error))) record.code = code
  return record
}

function isDomException(error: Error): boolean {
  return typeof DOMException === 'function' && error instanceof DOMException
}

/** The whole error with its stack, own fields, causes and aggregated errors; cycles, depth and number are cut. Never throws. */
export function fullError(error: unknown): ErrorRecord {
  return full(error, 0, new Set())
}

export function errorFingerprint(error: unknown): string {
  if (!isError(error)) return fingerprint(kindOf(error), describe(error), '')
  return fingerprint(typeOf(error), messageOf(error), stackOf(error) ?? '')
}

/** An error that stands in several places of one record, or in itself, is written in full in the first and in brief in the others. */
function full(error: unknown, depth: number, written: Set<object>): ErrorRecord {
  const record = briefError(error)
  if (!isError(error) || written.has(error) || written.size >= maxRecords) return record
  written.add(error)
  for (const name of errorFields.current) {
    if (name in record) continue
    const value = read(error, name)
    if (isShortPrimitive(value)) record[name] = value
  }
  const stack = stackOf(error)
  if (stack !== undefined) record.stack = stack

  if (depth >= maxCauses) return record
  const cause = read(error, 'cause')
  if (cause !== undefined && cause !== null) {
    record.cause = full(cause, depth + 1, written)
    firstSight(cause)
  }
  const errors = read(error, 'errors')
  if (Array.isArray(errors)) {
    record.errors = errors.slice(0, maxErrors).map((each: unknown): ErrorRecord => {
      const inner = full(each, depth + 1, written)
      firstSight(each)
      return inner
    })
    if (errors.length > maxErrors) record.errors.push(`…(+${errors.length - maxErrors} errors)`)
  }
  return record
}

function isShortPrimitive(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= 256
  return typeof value === 'number' || typeof value === 'boolean'
}

// Any property of a hostile or proxied error may throw.
function read(error: object, name: string): unknown {
  try {
    return (error as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}

function typeOf(error: Error): string {
  const name = read(error, 'name')
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name.slice(0, 256)
  const made = read(error, 'constructor')
  const own = typeof made === 'function' ? made.name : undefined
  return own !== undefined && own !== '' ? own.slice(0, 256) : 'Error'
}

function messageOf(error: Error): string {
  const message = read(error, 'message')
  return typeof message === 'string' ? message : describe(message)
}

function stackOf(error: Error): string | undefined {
  const stack = read(error, 'stack')
  if (typeof stack !== 'string' || stack === '') return undefined
  return stack.length > maxStack + limits.screenPastCut
    ? stack.slice(0, maxStack + limits.screenPastCut)
    : stack
}

/** `String`, `Number`, `Object`, `Undefined` … for a thrown thing that is no error. */
function kindOf(value: unknown): string {
  if (value === null) return 'Null'
  if (typeof value !== 'object') return typeof value === 'bigint' ? 'BigInt' : capital(typeof value)
  const made = read(value, 'constructor')
  return typeof made === 'function' && made.name !== '' ? made.name.slice(0, 256) : 'Object'
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function describe(value: unknown): string {
  try {
    if (typeof value === 'object' && value !== null) {
      const message = read(value, 'message')
      return typeof message === 'string'
        ? message
        : (JSON.stringify(redact(value)) ?? '[object]').slice(0, 4096)
    }
    return String(value)
  } catch {
    return '[unprintable]'
  }
}
