import { limits } from '../redact/limits.js'
import { redact } from '../redact/redact.js'
import { slot } from '../state/state.js'
import { fingerprint, traitsOf } from './fingerprint.js'
import type { StackFrame } from './frame.js'
import { framesOf, startOfCalls } from './frames.js'
import { firstReport } from './exits.js'
import { firstSight, isForReport } from './seen.js'
import { withSourceLines } from './source-lines.js'

/** A thrown thing as plain data. Texts are not screened yet: the encoder does that with every string it writes. */
export interface ErrorRecord {
  type: string
  message: string
  code?: string | number
  stack?: string
  /** Where it is for a report. */
  frames?: StackFrame[]
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

// An error is often written more than once: in a step, a flow, a request, a report.
const fingerprints = new WeakMap<object, string>()

const maxCauses = 8
const maxErrors = 10
const maxRecords = 32
const maxStack = 16_384
// Of a stack: what it repeats of a longer message would leave no room for the calls.
const maxHeader = 4096

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
  const record: ErrorRecord = isError(error)
    ? { type: typeOf(error), message: messageOf(error) }
    : { type: kindOf(error), message: describe(error) }
  const code = typeof error === 'object' && error !== null ? read(error, 'code') : undefined
  // A DOMException has a number from a table of 1998 that tells nobody anything.
  if (typeof code === 'string' || (typeof code === 'number' && !isDomException(error))) record.code = code
  return record
}

// What a brief record was made of, for its fingerprint.
const briefs = new WeakMap<object, unknown>()

/** `briefError` for an event's field `error`: it is written with its fingerprint. */
export function briefField(error: unknown): ErrorRecord {
  const record = briefError(error)
  briefs.set(record, error)
  return record
}

/** The fingerprint of what `briefField` was given; undefined for any other value. */
export function briefFingerprint(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !briefs.has(value)) return undefined
  return errorFingerprint(briefs.get(value))
}

function isDomException(error: unknown): boolean {
  return typeof DOMException === 'function' && error instanceof DOMException
}

/** The whole error with its stack, own fields, causes and aggregated errors; cycles, depth and number are cut. Never throws. */
export function fullError(error: unknown): ErrorRecord {
  return full(error, 0, new Set())
}

/**
 * The group of an error: 16 hex digits, the same for what differs only in data, in line numbers or in where it is installed.
 * One that says nothing, or has no calls of the service's own, is told by its cause as well. Never throws. Cost: tens of
 * microseconds, once an error.
 */
export function errorFingerprint(error: unknown): string {
  if (!isError(error)) return fingerprintOf(error)
  const known = fingerprints.get(error)
  if (known !== undefined) return known
  const made = fingerprintOf(error)
  fingerprints.set(error, made)
  return made
}

function fingerprintOf(error: unknown): string {
  const parts: string[] = []
  for (let each = error, depth = 0; depth < maxCauses; depth++) {
    const traits = isError(each)
      ? traitsOf(typeOf(each), messageOf(each), stackOf(each) ?? '')
      : traitsOf(kindOf(each), describe(each), '')
    parts.push(...traits.parts)
    if (traits.isEnough || !isError(each)) break
    const inner = read(each, 'cause') ?? listOf(read(each, 'errors'))?.[0]
    if (inner === undefined || inner === null || inner === each) break
    each = inner
  }
  return fingerprint(parts)
}

/** What is thrown need not be an error: as one, it is written in the same shape. An error is returned as it is. */
export function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown
  const { type, message, code } = briefError(thrown)
  const error = Object.defineProperties(new Error(message), {
    name: { value: type },
    stack: { value: undefined },
  })
  return code === undefined ? error : Object.assign(error, { code })
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
  if (isForReport()) record.frames = withSourceLines(framesOf(stack ?? '', record.message))

  if (depth >= maxCauses) return record
  const cause = read(error, 'cause')
  if (cause !== undefined && cause !== null && cause !== error) {
    record.cause = full(cause, depth + 1, written)
    toldWithin(cause)
  }
  const errors = listOf(read(error, 'errors'))
  if (errors !== undefined) {
    record.errors = errors.slice(0, maxErrors).map((each: unknown): ErrorRecord => {
      const inner = full(each, depth + 1, written)
      toldWithin(each)
      return inner
    })
    if (errors.length > maxErrors) record.errors.push(`…(+${errors.length - maxErrors} errors)`)
  }
  return record
}

/** The first of a list and its length, read once: a proxy may throw, or say something else each time. */
function listOf(errors: unknown): readonly unknown[] | undefined {
  try {
    if (!Array.isArray(errors)) return undefined
    const own: unknown[] = errors.slice(0, maxErrors)
    const { length } = errors
    own.length = Math.max(own.length, length)
    return own
  } catch {
    return undefined
  }
}

/** It need not be written or reported again. */
function toldWithin(inner: unknown): void {
  if (isForReport()) firstReport(inner)
  else firstSight(inner)
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

/** The stack, without what a longer message repeats in it; undefined where there is none that can be read. */
export function stackOf(error: Error): string | undefined {
  const stack = read(error, 'stack')
  if (typeof stack !== 'string' || stack === '') return undefined
  if (stack.length <= maxStack) return stack
  const calls = startOfCalls(stack, messageOf(error))
  // Nothing of the message is kept: cut, it could end within a secret.
  const kept = calls > maxHeader ? `${typeOf(error)}: …${stack.slice(calls, calls + maxStack)}` : stack
  return kept.slice(0, maxStack + limits.screenPastCut)
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
